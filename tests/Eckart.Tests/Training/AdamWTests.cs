using Eckart.Training;

namespace Eckart.Tests.Training;

public sealed class AdamWTests
{
    [Fact]
    public void Two_steps_are_those_of_the_published_rule()
    {
        const int Count = 19;       // a vector and more, whatever the machine's
        float[] gradient = [.. Enumerable.Range(0, Count).Select(i => (i - 9) / 4f)];
        float[] values = [.. Enumerable.Range(0, Count).Select(i => 1 + (i / 8f))];
        double[] expected = [.. values.Select(value => (double)value)];
        var (first, second) = (new float[Count], new float[Count]);
        var (m, v) = (new double[Count], new double[Count]);

        for (var step = 1; step <= 2; step++)
        {
            AdamW.Update(values, gradient, first, second, new AdamWStep(step, LearningRate: 0.1, WeightDecay: 0.2, GradientScale: 0.5));
            for (var i = 0; i < Count; i++)
            {
                var g = gradient[i] * 0.5;
                (m[i], v[i]) = ((0.9 * m[i]) + (0.1 * g), (0.95 * v[i]) + (0.05 * g * g));
                expected[i] -= 0.1 * ((m[i] / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, step))) + 1e-8)) + (0.2 * expected[i]));
            }
        }

        for (var i = 0; i < Count; i++) Assert.Equal(expected[i], values[i], 1e-6);
    }
}
