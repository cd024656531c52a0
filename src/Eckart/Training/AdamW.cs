using System.Numerics;

namespace Eckart.Training;

/// <summary>AdamW: moments of the gradient a number, decay apart from them, in one pass over the flat memory of all parameters.</summary>
/// <remarks><b>Source</b>: Loshchilov and Hutter, arXiv 1711.05101; β₁ 0.9, β₂ 0.95, ε 1e-8. Element by element in a fixed order: the same bytes on every run.</remarks>
internal static class AdamW
{
    private const double Beta1 = 0.9, Beta2 = 0.95, Epsilon = 1e-8;

    /// <summary>One step over some parameters.</summary>
    /// <param name="values">The parameters; updated.</param>
    /// <param name="gradient">Their gradient, same length.</param>
    /// <param name="first">First moments; updated.</param>
    /// <param name="second">Second moments; updated.</param>
    /// <param name="step">What the step does.</param>
    public static void Update(Span<float> values, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in AdamWStep step)
    {
        var scale = (float)step.GradientScale;
        var (keep1, keep2) = ((float)Beta1, (float)Beta2);
        var (take1, take2) = ((float)(1 - Beta1), (float)(1 - Beta2));
        var rate = (float)(step.LearningRate / (1 - Math.Pow(Beta1, step.Number)));
        var spread = (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, step.Number)));
        var kept = (float)(1 - (step.LearningRate * step.WeightDecay));
        var i = 0;
        for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
        {
            var g = new Vector<float>(gradient[i..]) * scale;
            var m = (new Vector<float>(first[i..]) * keep1) + (g * take1);
            var v = (new Vector<float>(second[i..]) * keep2) + (g * g * take2);
            m.CopyTo(first[i..]);
            v.CopyTo(second[i..]);
            ((new Vector<float>(values[i..]) * kept) - (m * rate / ((Vector.SquareRoot(v) * spread) + new Vector<float>((float)Epsilon)))).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            var g = gradient[i] * scale;
            first[i] = (first[i] * keep1) + (g * take1);
            second[i] = (second[i] * keep2) + (g * g * take2);
            values[i] = (values[i] * kept) - (first[i] * rate / ((MathF.Sqrt(second[i]) * spread) + (float)Epsilon));
        }
    }
}

/// <summary>What one step of <see cref="AdamW"/> does.</summary>
/// <param name="Number">One-based: how many gradients the moments will have seen.</param>
/// <param name="LearningRate">Of this step.</param>
/// <param name="WeightDecay">In units of the learning rate.</param>
/// <param name="GradientScale">Factor on the gradient before all else.</param>
internal readonly record struct AdamWStep(long Number, double LearningRate, double WeightDecay, double GradientScale);
