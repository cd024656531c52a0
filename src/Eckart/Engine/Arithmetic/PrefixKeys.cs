using TorchSharp;

namespace Eckart.Engine.Arithmetic;

/// <summary>Keys and values of a shared prefix in the layer at hand, in the form that its arithmetic wants them.</summary>
/// <param name="positions">P.</param>
/// <param name="keys">Rotated keys; owned by this.</param>
/// <param name="values">Owned by this.</param>
internal sealed class PrefixKeys(int positions, Rows keys, Rows values) : IDisposable
{
    /// <summary>P.</summary>
    public int Positions => positions;

    /// <summary>Rotated keys.</summary>
    public torch.Tensor Keys => keys.Matrix;

    /// <summary>Values.</summary>
    public torch.Tensor Values => values.Matrix;

    /// <inheritdoc/>
    public void Dispose()
    {
        keys.Dispose();
        values.Dispose();
    }
}
