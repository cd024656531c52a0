using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>Memory for all that a pass keeps on its way, taken piece by piece and given back at once: fresh pages cost more than the arithmetic on them. For one thread at a time.</summary>
internal sealed class WorkMemory : IDisposable
{
    private const long Alignment = 16;      // floats: a cache line
    private const long LeastBlock = 1 << 20;

    private readonly List<Tensor> blocks = [];
    private Tensor? spare;
    private int block;
    private long used;

    /// <summary>A matrix of anything; kernels may read 16 numbers beyond its end.</summary>
    /// <returns>Valid until <see cref="Clear"/>.</returns>
    public Matrix Take(int rows, int columns)
    {
        var size = ((((long)rows * columns) + Alignment - 1) & -Alignment) + Alignment;
        while (block < blocks.Count && used + size > blocks[block].numel()) (block, used) = (block + 1, 0);
        if (block == blocks.Count) blocks.Add(empty(Math.Max(LeastBlock, size)).DetachFromDisposeScope());
        used += size;
        return new Matrix(blocks[block], used - size, rows, columns);
    }

    /// <summary>A matrix of zeros.</summary>
    public Matrix TakeZeros(int rows, int columns)
    {
        var matrix = Take(rows, columns);
        matrix.Values.Clear();
        return matrix;
    }

    /// <summary>Where it stands, for <see cref="Return"/>.</summary>
    public (int Block, long Used) Mark() => (block, used);

    /// <summary>Takes back what was taken since a mark: what comes next finds it in a core's caches.</summary>
    public void Return((int Block, long Used) mark) => (block, used) = mark;

    /// <summary>Memory for one kernel alone, aligned to 64 bytes, the same for every kernel.</summary>
    public unsafe float* Spare(int floats)
    {
        if (spare is null || spare.numel() < floats)
        {
            spare?.Dispose();
            spare = empty(floats).DetachFromDisposeScope();
        }

        return (float*)TensorMemory.AddressOf(spare);
    }

    /// <summary>Takes everything back. What was too small becomes one block that is large enough.</summary>
    public void Clear()
    {
        (block, used) = (0, 0);
        if (blocks.Count < 2) return;
        var total = blocks.Sum(one => one.numel());
        Free();
        blocks.Add(empty(total).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        spare?.Dispose();
        Free();
    }

    private void Free()
    {
        foreach (var one in blocks) one.Dispose();
        blocks.Clear();
    }
}
