using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>Memory for all that a pass keeps on its way, taken piece by piece and given back at once: fresh pages cost more than the arithmetic on them. For one thread at a time.</summary>
internal sealed class WorkMemory : IDisposable
{
    private const long Alignment = 16;      // floats: a cache line
    private const long LeastBlock = 1 << 20;

    private readonly List<Tensor> blocks = [];
    private Matrix spare;
    private long used;

    /// <summary>A matrix of anything; kernels may read 16 numbers beyond its end.</summary>
    /// <returns>Valid until <see cref="Clear"/>.</returns>
    public Matrix Take(int rows, int columns)
    {
        var size = ((((long)rows * columns) + Alignment - 1) & -Alignment) + Alignment;
        if (blocks.Count == 0 || used + size > blocks[^1].numel())
        {
            blocks.Add(empty(Math.Max(LeastBlock, size)).DetachFromDisposeScope());
            used = 0;
        }

        used += size;
        return new Matrix(blocks[^1], used - size, rows, columns);
    }

    /// <summary>A matrix of zeros.</summary>
    public Matrix TakeZeros(int rows, int columns)
    {
        var matrix = Take(rows, columns);
        matrix.Values.Clear();
        return matrix;
    }

    /// <summary>Memory for one kernel alone, aligned to 64 bytes, the same for every kernel.</summary>
    public unsafe float* Spare(int floats)
    {
        if (spare.Columns < floats) spare = Take(1, floats);
        return spare.Start;
    }

    /// <summary>Takes everything back. What was too small becomes one block that is large enough.</summary>
    public void Clear()
    {
        (used, spare) = (0, default);
        if (blocks.Count < 2) return;
        var total = blocks.Sum(block => block.numel());
        Dispose();
        blocks.Add(empty(total).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var block in blocks) block.Dispose();
        blocks.Clear();
    }
}
