using Eckart.Statistics;

namespace Eckart.Tests.Statistics;

public sealed class LabelControlsTests
{
    private static readonly int[] Gold = [.. Enumerable.Range(0, 60).Select(i => i % 2)];
    private static readonly double[][] Biased = [.. Gold.Select((right, i) => new[] { -0.1, right == 1 ? -2.0 - 0.01 * i : -4.0 + 0.01 * i })];

    [Fact]
    public void Both_are_fitted_on_validation_and_applied_to_test()
    {
        var controls = LabelControls.Fit(Gold, Biased, [[-0.1, -2], [-0.1, -4]]);

        Assert.Equal([1, 0], controls.Bias);
        Assert.Equal([1, 0], controls.Affine);
    }

    [Fact]
    public void The_one_with_the_higher_accuracy_is_the_bar_and_the_bias_where_they_are_equal()
    {
        var controls = new LabelControls(Bias: [0, 0, 1], Affine: [0, 1, 1]);

        Assert.Same(controls.Affine, controls.Better([0, 1, 1]));
        Assert.Same(controls.Bias, controls.Better([0, 0, 1]));
        Assert.Same(controls.Bias, controls.Better([0, 2, 1]));
    }

    [Fact]
    public void What_goes_beyond_is_compared_with_that_bar()
    {
        var controls = LabelControls.Fit(Gold, Biased, Biased);
        int[] none = new int[60];

        Assert.Equal(new Interval(0, 0), controls.Beyond(Gold, Gold, alpha: 0.05));
        Assert.Equal(PairedBootstrap.Of(new PairedComparison(60, 0, 30), 0.05), controls.Beyond(Gold, none, alpha: 0.05));
    }
}
