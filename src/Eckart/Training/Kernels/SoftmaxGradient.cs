using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Eckart.Engine.Kernels;

namespace Eckart.Training.Kernels;

/// <summary>The way back through a softmax.</summary>
internal static unsafe class SoftmaxGradient
{
    /// <summary>gradient = weights ∘ (gradient − scale · Σ weights ∘ gradient).</summary>
    /// <param name="weights">What the softmax gave, not yet divided by their sum, <paramref name="width"/> numbers.</param>
    /// <param name="gradient">By the weights, divided by their sum; becomes that by the scores.</param>
    /// <param name="scale">One over their sum.</param>
    /// <param name="width">A multiple of <see cref="Lanes.Width"/>.</param>
    [MethodImpl(Lanes.Fast)]
    public static void Row(float* weights, float* gradient, float scale, int width)
    {
        var sums = Vector512<float>.Zero;
        for (var i = 0; i < width; i += Lanes.Width) sums = Vector512.MultiplyAddEstimate(Vector512.Load(weights + i), Vector512.Load(gradient + i), sums);
        var sum = Vector512.Create(scale * Vector512.Sum(sums));
        for (var i = 0; i < width; i += Lanes.Width) (Vector512.Load(weights + i) * (Vector512.Load(gradient + i) - sum)).Store(gradient + i);
    }
}
