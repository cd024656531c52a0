using System.Numerics;
using System.Runtime.CompilerServices;
using Eckart.Engine.Kernels;

namespace Eckart.Training.Kernels;

/// <summary>The way back through a norm. What it gives is added to what is there: the residual stream's gradient goes past the norm too.</summary>
internal static unsafe class RowNormGradient
{
    /// <summary>Gradients of y = x / √(mean x² + ε) · weight.</summary>
    /// <param name="x">(rows, size), contiguous.</param>
    /// <param name="weight">(size).</param>
    /// <param name="given">Gradient by y, (rows, size).</param>
    /// <param name="toX">Gradient by x, (rows, size); added to.</param>
    /// <param name="toWeight">Gradient by the weight, (size); added to.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="size">Numbers a row.</param>
    /// <param name="epsilon">ε, in units of x².</param>
    public static void RootMeanSquare(float* x, float* weight, float* given, float* toX, float* toWeight, int rows, int size, float epsilon)
    {
        for (var row = 0; row < rows; row++, x += size, given += size, toX += size) Row(x, weight, given, toX, toWeight, null, size, epsilon);
    }

    /// <summary>Gradients of y = (x − mean) / √(variance + ε) · weight + bias.</summary>
    /// <param name="x">(rows, size), contiguous.</param>
    /// <param name="weight">(size).</param>
    /// <param name="given">Gradient by y, (rows, size).</param>
    /// <param name="toX">Gradient by x, (rows, size); added to.</param>
    /// <param name="toWeight">Gradient by the weight, (size); added to.</param>
    /// <param name="toBias">Gradient by the bias, (size); added to.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="size">Numbers a row.</param>
    /// <param name="epsilon">ε, in units of x².</param>
    public static void Layer(float* x, float* weight, float* given, float* toX, float* toWeight, float* toBias, int rows, int size, float epsilon)
    {
        for (var row = 0; row < rows; row++, x += size, given += size, toX += size) Row(x, weight, given, toX, toWeight, toBias, size, epsilon);
    }

    // With n = (x − centre)·r, r the inverse root, and g = weight·given: dx = r·(g − mean g − n·mean(g·n)); without a centre the mean of g is left out.
    [MethodImpl(Lanes.Fast)]
    private static void Row(float* x, float* weight, float* given, float* toX, float* toWeight, float* toBias, int size, float epsilon)
    {
        var centre = toBias == null ? 0 : Mean(x, size);
        var shift = new Vector<float>(centre);
        var (squares, products, sums) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i + Vector<float>.Count <= size; i += Vector<float>.Count)
        {
            var (value, by) = (Vector.Load(x + i) - shift, Vector.Load(weight + i) * Vector.Load(given + i));
            squares += value * value;
            products += value * by;
            sums += by;
        }

        var (square, product, sum) = (Vector.Sum(squares), Vector.Sum(products), Vector.Sum(sums));
        for (; i < size; i++)
        {
            var (value, by) = (x[i] - centre, weight[i] * given[i]);
            (square, product, sum) = (square + (value * value), product + (value * by), sum + by);
        }

        var scale = 1 / MathF.Sqrt((square / size) + epsilon);
        var shrink = scale * scale * product / size;
        var mean = toBias == null ? 0 : sum / size;
        for (i = 0; i + Vector<float>.Count <= size; i += Vector<float>.Count)
        {
            var (value, gradient) = (Vector.Load(x + i) - shift, Vector.Load(given + i));
            (Vector.Load(toX + i) + (((Vector.Load(weight + i) * gradient) - new Vector<float>(mean) - (value * shrink)) * scale)).Store(toX + i);
            (Vector.Load(toWeight + i) + (value * gradient * scale)).Store(toWeight + i);
            if (toBias != null) (Vector.Load(toBias + i) + gradient).Store(toBias + i);
        }

        for (; i < size; i++)
        {
            var value = x[i] - centre;
            toX[i] += ((weight[i] * given[i]) - mean - (value * shrink)) * scale;
            toWeight[i] += value * given[i] * scale;
            if (toBias != null) toBias[i] += given[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Mean(float* x, int size)
    {
        var (sums, i) = (Vector<float>.Zero, 0);
        for (; i + Vector<float>.Count <= size; i += Vector<float>.Count) sums += Vector.Load(x + i);
        var sum = Vector.Sum(sums);
        for (; i < size; i++) sum += x[i];
        return sum / size;
    }
}
