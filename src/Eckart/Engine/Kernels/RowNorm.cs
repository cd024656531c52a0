using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Eckart.Engine.Kernels;

/// <summary>Normalises each row of the hidden states, in float32.</summary>
internal static unsafe class RowNorm
{
    /// <summary>y = x / √(mean of x² + ε) · weight.</summary>
    /// <param name="x">(rows, size), contiguous.</param>
    /// <param name="weight">(size).</param>
    /// <param name="y">(rows, size), contiguous; may be <paramref name="x"/>.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="size">Numbers a row, at least 1.</param>
    /// <param name="epsilon">ε, in units of x².</param>
    public static void RootMeanSquare(float* x, float* weight, float* y, int rows, int size, float epsilon) =>
        RootMeanSquare<Float32Element, float>(x, weight, y, rows, size, epsilon);

    /// <summary>As the other <see cref="RootMeanSquare(float*, float*, float*, int, int, float)"/>, the result in bfloat16.</summary>
    public static void RootMeanSquare(float* x, float* weight, ushort* y, int rows, int size, float epsilon) =>
        RootMeanSquare<Bfloat16Element, ushort>(x, weight, y, rows, size, epsilon);

    /// <summary>y = (x − mean) / √(variance + ε) · weight + bias; the variance is that of the row, divided by its size.</summary>
    /// <param name="x">(rows, size), contiguous.</param>
    /// <param name="weight">(size).</param>
    /// <param name="bias">(size), or null for none.</param>
    /// <param name="y">(rows, size), contiguous; may be <paramref name="x"/>.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="size">Numbers a row, at least 1.</param>
    /// <param name="epsilon">ε, in units of x².</param>
    public static void Layer(float* x, float* weight, float* bias, float* y, int rows, int size, float epsilon) =>
        Layer<Float32Element, float>(x, weight, bias, y, rows, size, epsilon);

    /// <summary>As the other <see cref="Layer(float*, float*, float*, float*, int, int, float)"/>, the result in bfloat16.</summary>
    public static void Layer(float* x, float* weight, float* bias, ushort* y, int rows, int size, float epsilon) =>
        Layer<Bfloat16Element, ushort>(x, weight, bias, y, rows, size, epsilon);

    [MethodImpl(Lanes.Fast)]
    private static void RootMeanSquare<TElement, T>(float* x, float* weight, T* y, int rows, int size, float epsilon)
        where TElement : IElement<T>
        where T : unmanaged
    {
        for (var row = 0; row < rows; row++, x += size, y += size)
            Affine<TElement, T>(x, 0, 1 / MathF.Sqrt((SumOfSquares(x, 0, size) / size) + epsilon), weight, null, y, size);
    }

    [MethodImpl(Lanes.Fast)]
    private static void Layer<TElement, T>(float* x, float* weight, float* bias, T* y, int rows, int size, float epsilon)
        where TElement : IElement<T>
        where T : unmanaged
    {
        for (var row = 0; row < rows; row++, x += size, y += size)
        {
            var mean = Sum(x, size) / size;
            var variance = SumOfSquares(x, mean, size) / size;
            Affine<TElement, T>(x, mean, 1 / MathF.Sqrt(variance + epsilon), weight, bias, y, size);
        }
    }

    [MethodImpl(Lanes.Fast)]
    private static float Sum(float* x, int size)
    {
        V even = default, odd = default;
        var i = 0;
        for (; i + (2 * Lanes.Width) <= size; i += 2 * Lanes.Width)
        {
            even += Vector512.Load(x + i);
            odd += Vector512.Load(x + i + Lanes.Width);
        }

        var sum = Vector512.Sum(even + odd);
        for (; i < size; i++) sum += x[i];
        return sum;
    }

    // Of the differences from the centre. Two sums, so that one addition does not wait for the one before it.
    [MethodImpl(Lanes.Fast)]
    private static float SumOfSquares(float* x, float centre, int size)
    {
        V even = default, odd = default;
        var shift = Vector512.Create(centre);
        var i = 0;
        for (; i + (2 * Lanes.Width) <= size; i += 2 * Lanes.Width)
        {
            var (a, b) = (Vector512.Load(x + i) - shift, Vector512.Load(x + i + Lanes.Width) - shift);
            even = Vector512.MultiplyAddEstimate(a, a, even);
            odd = Vector512.MultiplyAddEstimate(b, b, odd);
        }

        var sum = Vector512.Sum(even + odd);
        for (; i < size; i++) sum += (x[i] - centre) * (x[i] - centre);
        return sum;
    }

    // y = (x − centre) · scale · weight (+ bias)
    [MethodImpl(Lanes.Fast)]
    private static void Affine<TElement, T>(float* x, float centre, float scale, float* weight, float* bias, T* y, int size)
        where TElement : IElement<T>
        where T : unmanaged
    {
        var (shift, factor) = (Vector512.Create(centre), Vector512.Create(scale));
        var i = 0;
        for (; i + Lanes.Width <= size; i += Lanes.Width)
        {
            var value = (Vector512.Load(x + i) - shift) * factor * Vector512.Load(weight + i);
            TElement.Store(y + i, bias == null ? value : value + Vector512.Load(bias + i));
        }

        var rest = size - i;
        if (rest == 0) return;
        var last = (Tail<Float32Element, float>.Load(x + i, rest) - shift) * factor * Tail<Float32Element, float>.Load(weight + i, rest);
        Tail<TElement, T>.Store(y + i, bias == null ? last : last + Tail<Float32Element, float>.Load(bias + i, rest), rest);
    }
}
