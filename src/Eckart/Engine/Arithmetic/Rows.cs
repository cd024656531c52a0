using TorchSharp;

namespace Eckart.Engine.Arithmetic;

/// <summary>A matrix in a pool's buffer.</summary>
internal sealed class Rows : IDisposable
{
    private readonly BufferPool pool;
    private readonly torch.Tensor buffer;

    /// <param name="pool">Lends the memory until this is disposed.</param>
    /// <param name="count">Rows.</param>
    /// <param name="size">Columns.</param>
    /// <param name="type">Of the elements.</param>
    public Rows(BufferPool pool, long count, long size, torch.ScalarType type = torch.ScalarType.Float32)
    {
        this.pool = pool;
        buffer = pool.Rent(count * size, type);
        Matrix = buffer.as_strided([count, size], [size, 1], 0).DetachFromDisposeScope();
    }

    /// <summary>(rows, columns), contiguous.</summary>
    public torch.Tensor Matrix { get; }

    /// <summary>A copy in the same pool.</summary>
    public Rows Copy()
    {
        var copy = new Rows(pool, Matrix.shape[0], Matrix.shape[1], Matrix.dtype);
        copy.Matrix.copy_(Matrix);
        return copy;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Matrix.Dispose();
        pool.Return(buffer);
    }
}
