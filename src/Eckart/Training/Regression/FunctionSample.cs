using Eckart.Statistics;

namespace Eckart.Training.Regression;

/// <summary>A linear function known by its values at some points: x₁, y₁, x₂, y₂, … with y = w·x.</summary>
/// <param name="Dimensions">d: numbers of an x.</param>
/// <param name="Inputs">(points, d), row by row.</param>
/// <param name="Outputs">(points).</param>
public sealed record FunctionSample(int Dimensions, IReadOnlyList<float> Inputs, IReadOnlyList<float> Outputs)
{
    /// <summary>Points.</summary>
    public int Points => Outputs.Count;

    /// <summary>Draws w and every x from N(0, I).</summary>
    /// <param name="random">The stream; equal streams give equal samples.</param>
    /// <param name="dimensions">d.</param>
    /// <param name="points">Points.</param>
    /// <param name="active">Coordinates that are not zero in w and in every x: the first ones.</param>
    /// <remarks><b>Source</b>: Garg et al. 2022, arXiv 2208.01066, Section 3; the coordinates left out are its curriculum's.</remarks>
    public static FunctionSample Draw(SplitMix64 random, int dimensions, int points, int active)
    {
        ArgumentNullException.ThrowIfNull(random);
        var weights = new double[active];
        for (var j = 0; j < active; j++) weights[j] = random.Normal();
        var (inputs, outputs) = (new float[points * dimensions], new float[points]);
        for (var i = 0; i < points; i++)
        {
            var y = 0.0;
            for (var j = 0; j < active; j++) y += weights[j] * (inputs[(i * dimensions) + j] = (float)random.Normal());
            outputs[i] = (float)y;
        }

        return new FunctionSample(dimensions, inputs, outputs);
    }

    /// <summary>Draws w from the unit sphere and every x from the sphere of radius √d: y has mean square 1, and nothing is ever far out.</summary>
    /// <param name="random">The stream; equal streams give equal samples.</param>
    /// <param name="dimensions">d.</param>
    /// <param name="points">Points.</param>
    /// <remarks>For models that are polynomials of high degree in their prompt, whose mean error over normal inputs is that of the rarest of them.</remarks>
    public static FunctionSample DrawOnSpheres(SplitMix64 random, int dimensions, int points)
    {
        ArgumentNullException.ThrowIfNull(random);
        var weights = Direction(random, dimensions, 1);
        double[][] inputs = [.. Enumerable.Range(0, points).Select(_ => Direction(random, dimensions, Math.Sqrt(dimensions)))];
        return new FunctionSample(dimensions, [.. inputs.SelectMany(x => x).Select(value => (float)value)], [.. inputs.Select(x => (float)x.Zip(weights, (a, b) => a * b).Sum())]);
    }

    private static double[] Direction(SplitMix64 random, int dimensions, double length)
    {
        double[] normal = [.. Enumerable.Range(0, dimensions).Select(_ => random.Normal())];
        var scale = length / Math.Sqrt(normal.Sum(value => value * value));
        return Array.ConvertAll(normal, value => scale * value);
    }

    /// <summary>w·xᵢ.</summary>
    internal double Dot(double[] weights, int i)
    {
        var sum = 0.0;
        for (var j = 0; j < Dimensions; j++) sum += weights[j] * Inputs[(i * Dimensions) + j];
        return sum;
    }
}
