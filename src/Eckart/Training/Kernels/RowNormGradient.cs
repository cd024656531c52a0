using System.Numerics;
using System.Runtime.CompilerServices;
using Eckart.Engine.Kernels;

namespace Eckart.Training.Kernels;

/// <summary>The way back through a norm.</summary>
internal static unsafe class RowNormGradient
{
    /// <summary>Gradients of y = x / √(mean x² + ε) · weight.</summary>
    /// <param name="x">(rows, size), contiguous.</param>
    /// <param name="weight">(size).</param>
    /// <param name="given">Gradient by y, (rows, size).</param>
    /// <param name="toX">Gradient by x, (rows, size); overwritten.</param>
    /// <param name="toWeight">Gradient by the weight, (size); added to.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="size">Numbers a row.</param>
    /// <param name="epsilon">ε, in units of x².</param>
    [MethodImpl(Lanes.Fast)]
    public static void RootMeanSquare(float* x, float* weight, float* given, float* toX, float* toWeight, int rows, int size, float epsilon)
    {
        for (var row = 0; row < rows; row++, x += size, given += size, toX += size)
        {
            var (squares, products) = (Vector<float>.Zero, Vector<float>.Zero);
            var i = 0;
            for (; i + Vector<float>.Count <= size; i += Vector<float>.Count)
            {
                var value = Vector.Load(x + i);
                squares += value * value;
                products += value * Vector.Load(weight + i) * Vector.Load(given + i);
            }

            var (square, product) = (Vector.Sum(squares), Vector.Sum(products));
            for (; i < size; i++) (square, product) = (square + (x[i] * x[i]), product + (x[i] * weight[i] * given[i]));

            // d/dx of x·r with r = (mean x² + ε)^−½: r·(g − x·r²·mean(x·g)), g being weight·given.
            var scale = 1 / MathF.Sqrt((square / size) + epsilon);
            var shrink = scale * scale * product / size;
            for (i = 0; i + Vector<float>.Count <= size; i += Vector<float>.Count)
            {
                var (value, gradient) = (Vector.Load(x + i), Vector.Load(given + i));
                (((Vector.Load(weight + i) * gradient) - (value * shrink)) * scale).Store(toX + i);
                (Vector.Load(toWeight + i) + (value * gradient * scale)).Store(toWeight + i);
            }

            for (; i < size; i++)
            {
                toX[i] = ((weight[i] * given[i]) - (x[i] * shrink)) * scale;
                toWeight[i] += x[i] * given[i] * scale;
            }
        }
    }
}
