using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>What a layer's attention does to its heads besides rotating them.</summary>
/// <param name="QueryNorm">Of each query head, before its rotation; null for none. Owned by the layer.</param>
/// <param name="KeyNorm">Of each key head, likewise.</param>
/// <param name="Window">Positions that a position attends to, its own the last of them; 0 for all before it.</param>
internal sealed record HeadRules(Norm? QueryNorm, Norm? KeyNorm, int Window)
{
    /// <summary>Which keys rows see.</summary>
    /// <param name="first">Position of the first row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="keys">Keys, from position 0 on.</param>
    /// <param name="device">Where it is wanted.</param>
    /// <returns>(rows, keys), boolean, fresh.</returns>
    public Tensor Seen(long first, long rows, long keys, Device device)
    {
        using var scope = NewDisposeScope();
        var positions = From(0, keys).unsqueeze(0);
        var seen = positions.le(From(first, rows).unsqueeze(1));
        if (Window > 0) seen = seen.logical_and(positions.gt(From(first - Window, rows).unsqueeze(1)));
        return seen.MoveToOuterDisposeScope();

        Tensor From(long start, long count) => tensor([.. Enumerable.Range(0, checked((int)count)).Select(i => start + i)]).to(device);
    }
}
