using System.Runtime.InteropServices;

namespace Eckart.Tests.Engine.Kernels;

/// <summary>Rows of numbers in native memory, aligned as the engine's, with NaNs before, between and after them: to read one spoils the result, to write one is noticed.</summary>
internal sealed unsafe class GuardedRows<T> : IDisposable
    where T : unmanaged
{
    private const int Guard = 64;
    private readonly T* memory;
    private readonly int rows, size;

    public GuardedRows(int rows, int size, int stride)
    {
        (this.rows, this.size, Stride) = (rows, size, stride);
        memory = (T*)NativeMemory.AlignedAlloc((nuint)(All * sizeof(T)), 64);
        new Span<byte>(memory, All * sizeof(T)).Fill(0xFF);
    }

    public int Stride { get; }

    public T* Start => memory + Guard;

    private int All => (rows * Stride) + (2 * Guard);

    public ref T this[int row, int column] => ref Start[(row * Stride) + column];

    public Span<T> Row(int row) => new(Start + (row * Stride), size);

    public byte[] Bytes() => new ReadOnlySpan<byte>(memory, All * sizeof(T)).ToArray();

    /// <summary>Fills the rows, and nothing else.</summary>
    public GuardedRows<T> Filled(Func<int, int, T> value)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < size; column++) this[row, column] = value(row, column);
        }

        return this;
    }

    /// <summary>Nothing but the rows has been written.</summary>
    public void AssertGuardsAreWhole()
    {
        for (var i = 0; i < All; i++)
        {
            var place = i - Guard;
            var isGuard = place < 0 || place >= rows * Stride || place % Stride >= size;
            if (isGuard && new ReadOnlySpan<byte>(memory + i, sizeof(T)).ContainsAnyExcept((byte)0xFF))
                Assert.Fail($"element {place} was written, which is outside {rows} rows of {size} at a stride of {Stride}");
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(memory);
}

/// <summary>Rows of made-up numbers.</summary>
internal static class GuardedRows
{
    /// <summary>Numbers in [−1, 1), the same for the same seed.</summary>
    public static GuardedRows<float> Random(int rows, int size, int stride, int seed)
    {
        var random = new Random(seed);
        return new GuardedRows<float>(rows, size, stride).Filled((_, _) => (random.NextSingle() * 2) - 1);
    }
}
