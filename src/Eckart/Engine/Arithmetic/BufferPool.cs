using Eckart.Models;
using TorchSharp;

namespace Eckart.Engine.Arithmetic;

/// <summary>Memory for hidden states, used again and again: fresh pages cost more than the arithmetic on them, and tensors of ever new sizes make a process grow.</summary>
/// <remarks>Buffers come in a few sizes, four to each doubling, so that ragged walks find each other's. Thread-safe.</remarks>
internal sealed class BufferPool(torch.Device device) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<(torch.ScalarType Type, long Elements), Stack<torch.Tensor>> free = [];

    /// <summary>Bytes of the buffers that are in use or kept for the next use.</summary>
    public long Bytes { get; private set; }

    /// <summary>Beyond this, free buffers are let go of before a new one is made.</summary>
    public long Limit { get; set; } = long.MaxValue;

    /// <summary>A buffer of at least so many elements; what is in it is anything.</summary>
    /// <returns>The pool's; to be returned.</returns>
    public torch.Tensor Rent(long elements, torch.ScalarType type)
    {
        var size = SizeFor(elements);
        lock (gate)
        {
            if (free.TryGetValue((type, size), out var kept) && kept.TryPop(out var buffer)) return buffer;
            if (Bytes + (size * type.ElementSize()) > Limit) Trim();
            Bytes += size * type.ElementSize();
            var fresh = torch.empty(size, type, device).DetachFromDisposeScope();
            TensorMemory.AdviseLargePages(fresh);
            return fresh;
        }
    }

    /// <summary>Takes a buffer back.</summary>
    public void Return(torch.Tensor buffer)
    {
        lock (gate)
        {
            var key = (buffer.dtype, buffer.numel());
            if (!free.TryGetValue(key, out var kept)) free[key] = kept = [];
            kept.Push(buffer);
        }
    }

    /// <summary>Lets go of every buffer that is not in use.</summary>
    public void Trim()
    {
        lock (gate)
        {
            foreach (var buffer in free.Values.SelectMany(kept => kept))
            {
                Bytes -= buffer.numel() * buffer.dtype.ElementSize();
                buffer.Dispose();
            }

            free.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Trim();

    /// <summary>Elements of the buffer that serves so many.</summary>
    public static long SizeFor(long elements)
    {
        const long Least = 1024;
        if (elements <= Least) return Least;
        var step = (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)elements) / 8;        // the doubling below it in four
        return (elements + step - 1) / step * step;
    }
}
