using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Eckart.Engine.Kernels;

namespace Eckart.Training.Kernels;

/// <summary>Cross entropy and its gradient, row by row.</summary>
internal static unsafe class CrossEntropy
{
    /// <summary>weight · (log Σ exp(z) − z[target]).</summary>
    /// <param name="logits">z, (size); becomes the gradient by itself.</param>
    /// <param name="size">At least 1.</param>
    /// <param name="target">Below <paramref name="size"/>.</param>
    /// <param name="weight">Of the row.</param>
    /// <returns>The weighted loss.</returns>
    public static double Row(float* logits, int size, int target, float weight)
    {
        float maximum, sum;
        LogSumExp.Block(logits, size, 1, size, &maximum, &sum);
        var loss = weight * (maximum - logits[target] + Math.Log(sum));
        Exponentiate(logits, size, maximum, weight / sum);
        logits[target] -= weight;
        return loss;
    }

    // z = exp(z − maximum) · scale
    [MethodImpl(Lanes.Fast)]
    private static void Exponentiate(float* z, int size, float maximum, float scale)
    {
        var (shift, factor) = (Vector512.Create(maximum), Vector512.Create(scale));
        var i = 0;
        for (; i + Lanes.Width <= size; i += Lanes.Width) (Exponential.Of(Vector512.Load(z + i) - shift) * factor).Store(z + i);
        if (i < size) Tail<Float32Element, float>.Store(z + i, Exponential.Of(Tail<Float32Element, float>.Load(z + i, size - i) - shift) * factor, size - i);
    }
}
