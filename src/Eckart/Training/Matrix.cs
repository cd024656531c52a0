using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>A matrix in a part of a flat tensor, for kernels by address and for libtorch as a view. Owns nothing; valid while the tensor lives.</summary>
internal readonly unsafe struct Matrix
{
    private readonly Tensor memory;
    private readonly long offset;

    /// <param name="memory">Flat float32 on the CPU; still the caller's.</param>
    /// <param name="offset">The matrix's first number in it.</param>
    /// <param name="rows">Rows; 1 for a vector.</param>
    /// <param name="columns">Columns.</param>
    public Matrix(Tensor memory, long offset, long rows, long columns)
    {
        (this.memory, this.offset, Rows, Columns) = (memory, offset, checked((int)rows), checked((int)columns));
        Start = (float*)TensorMemory.AddressOf(memory) + offset;
    }

    /// <summary>The first number.</summary>
    public float* Start { get; }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Columns: rows lie one behind the other.</summary>
    public int Columns { get; }

    /// <summary>All numbers, row by row.</summary>
    public Span<float> Values => new(Start, checked(Rows * Columns));

    /// <summary>One row.</summary>
    public Span<float> Row(int row) => new(Start + ((nint)row * Columns), Columns);

    /// <summary>Its first rows.</summary>
    public Matrix First(int rows) => new(memory, offset, rows, Columns);

    /// <summary>As a tensor: a view, in the caller's dispose scope.</summary>
    public Tensor View() => memory.narrow(0, offset, (long)Rows * Columns).view(Rows, Columns);
}
