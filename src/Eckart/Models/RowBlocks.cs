using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>Runs steps whose rows stand alone: all at once, or in blocks shared out to workers.</summary>
/// <param name="workers">Blocks at once: results do not depend on how many; null for all rows in one product, whose last digits may be other ones.</param>
internal sealed class RowBlocks(int? workers)
{
    private const long Rows = 256;

    /// <summary>All rows in one product.</summary>
    public static RowBlocks One { get; } = new(null);

    /// <summary>Runs a step over all rows.</summary>
    /// <param name="step">Gets a block's rows of each input; makes fresh tensors of as many rows, or views of what it gets.</param>
    /// <param name="inputs">Each (T, …); still the caller's.</param>
    /// <returns>The step's results, each (T, …), in the caller's dispose scope.</returns>
    public Tensor[] Run(Func<Tensor[], Tensor[]> step, params Tensor[] inputs)
    {
        if (workers is not { } several) return step(inputs);
        var rows = inputs[0].shape[0];
        var blocks = new Tensor[(rows + Rows - 1) / Rows][];
        Workers.Run(blocks.Length, several, block =>
        {
            using var gradients = no_grad();
            using var scope = NewDisposeScope();
            var (first, count) = (block * Rows, Math.Min(Rows, rows - (block * Rows)));
            blocks[block] = Array.ConvertAll(step(Array.ConvertAll(inputs, one => one.narrow(0, first, count))), one => one.DetachFromDisposeScope());
        });
        Tensor[] whole = [.. Enumerable.Range(0, blocks[0].Length).Select(output => cat([.. blocks.Select(one => one[output])]))];
        foreach (var part in blocks.SelectMany(one => one)) part.Dispose();
        return whole;
    }
}
