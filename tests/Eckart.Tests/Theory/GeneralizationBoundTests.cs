using Eckart.Theory;

namespace Eckart.Tests.Theory;

/// <summary>Bounds over several prompts against whole d × d matrices and plain sums.</summary>
public sealed class GeneralizationBoundTests
{
    private const double Epsilon = 1e-2;

    private static readonly TrajectoryStep[] Steps = [SomeLayer.Step(1, size: 3), SomeLayer.Step(2, size: 3), SomeLayer.Step(3, size: 3)];
    private static readonly IReadOnlyList<BoundTerm>[] Prompts = [.. Steps.Select(step => new[] { BoundTerm.Of(step, 2) })];

    // tr and log det of the d × d matrix itself, from Assumption 1's formula.
    private static (double Trace, double LogDeterminant) Direct(TrajectoryStep step)
    {
        var factors = GradientFactors.Of(step);
        var (n, mean) = (factors.Count, step.Gradient.Values.ToArray());
        var sum = RealMatrix.Zero(9, 9);
        for (var i = 0; i < n; i++)
        {
            double[] centred = [.. factors.Gradient(i).Values.ToArray().Zip(mean, (a, b) => a - b)];
            sum += RealMatrix.Outer(centred, centred);
        }

        var regular = (((n - 2.0) / (2.0 * (n - 1)) / n) * sum) + (Epsilon * RealMatrix.Identity(9));
        return (regular.Trace, SingularDecomposition.Of(regular).Values.Sum(Math.Log));
    }

    [Fact]
    public void Over_prompts_the_mean_stands_inside_the_logarithm()
    {
        var direct = Steps.Select(Direct).ToArray();
        var first = Steps.Zip(direct, (step, one) => step.Gradient.SquaredNorm + one.Trace).Average();
        var expected = Math.Sqrt(((9 * Math.Log(first / 9)) - direct.Average(one => one.LogDeterminant)) / 5);

        Assert.Equal(expected, new GeneralizationBound(Epsilon).Of(Prompts, BoundForm.Gradient), 1e-9);
    }

    [Fact]
    public void Centred_gradients_are_those_less_their_mean()
    {
        var direct = Steps.Select(Direct).ToArray();
        var mean = (1.0 / 3) * (Steps[0].Gradient + Steps[1].Gradient + Steps[2].Gradient);
        var first = Steps.Zip(direct, (step, one) => (step.Gradient - mean).SquaredNorm + one.Trace).Average();
        var expected = Math.Sqrt(((9 * Math.Log(first / 9)) - direct.Average(one => one.LogDeterminant)) / 5);

        Assert.Equal(expected, new GeneralizationBound(Epsilon).Of(Prompts, BoundForm.Centred), 1e-9);
    }

    [Fact]
    public void With_the_mean_outside_it_is_the_mean_of_the_prompts()
    {
        var bound = new GeneralizationBound(Epsilon);

        Assert.Equal(Math.Sqrt(Prompts.Average(terms => Math.Pow(bound.Of(terms, BoundForm.Printed), 2))), bound.MeanOutside(Prompts, BoundForm.Printed), 1e-12);
        Assert.True(bound.MeanOutside(Prompts, BoundForm.Printed) < bound.Of(Prompts, BoundForm.Printed));
    }

    [Fact]
    public void Forms_stand_in_order()
    {
        var bound = new GeneralizationBound(Epsilon);
        double[] values = [.. Enum.GetValues<BoundForm>().Select(form => bound.Of(Prompts, form))];

        Assert.Equal(values.OrderDescending(), values);
    }

    [Fact]
    public void It_goes_with_the_loss_deviation() =>
        Assert.Equal(3 * new GeneralizationBound(Epsilon).Of(Prompts, BoundForm.Printed), new GeneralizationBound(Epsilon, 3).Of(Prompts, BoundForm.Printed), 1e-12);
}
