using Eckart.Pruning;
using Eckart.Tests.Support;
using Eckart.Theory;
using Eckart.Training.Regression;

namespace Eckart.Tests.Training.Regression;

public sealed class LinearStudyTests
{
    private static readonly LinearStudySettings Few = new() { Prompts = 20, FreshPoints = 10 };

    private static LinearStudy Study(LinearStudySettings settings) => new(LinearModel.Default, settings);

    [Fact]
    public void Theorem_1_holds_to_rounding_in_every_layer() => Assert.All(Study(Few).TheoremOneErrors(), error => Assert.InRange(error, 0, 1e-13));

    [Fact]
    public void A_rate_that_keeps_every_rank_is_no_intervention() => Assert.Equal("none", Assert.Single(Study(Few).Gaps([new(0m)], () => { }, TestContext.Current.CancellationToken)).Intervention);

    [Fact]
    public void Every_layer_matrix_and_rank_is_cut_once()
    {
        var told = 0;
        ClippingRate[] rates = [new(0.5m), new(0.55m), new(0.8m)];      // ranks 3, 2 and 1

        var gaps = Study(Few with { Prompts = 2 }).Gaps(rates, () => told++, TestContext.Current.CancellationToken);

        Assert.Equal(1 + (3 * 4 * 3), gaps.Length);
        Assert.Equal((gaps.Length, gaps.Length), (told, Study(Few).Count(rates)));
        Assert.Equal(["none", "value@0:0.5", "value@0:0.55", "value@0:0.8", "key@0:0.5"], gaps.Take(5).Select(gap => gap.Intervention));
        Assert.Equal("attention@2:0.8", gaps[^1].Intervention);
    }

    // Shown whole, what a prompt leads to is the model's own attention: the error that the training reported.
    [Fact]
    public void With_all_demonstrations_the_error_is_the_trainings()
    {
        var unedited = Study(new LinearStudySettings { Prompts = 400, FreshPoints = 50, Given = 10 }).Gaps([], () => { }, TestContext.Current.CancellationToken)[0];

        Assert.InRange(unedited.Fresh, 0.0358 - 0.01, 0.0358 + 0.01);
        Assert.True(unedited.Gap > 0);
        Assert.All(unedited.Terms, terms => Assert.All(terms, term => Assert.Equal(0, term.Covariance.Trace)));
    }

    [Fact]
    public void A_bound_is_that_of_its_terms()
    {
        var gap = Study(Few).Gaps([], () => { }, TestContext.Current.CancellationToken)[0];

        Assert.Equal(new GeneralizationBound(1e-3).Of(gap.Terms, BoundForm.Printed), gap.Bound(BoundForm.Printed, 1e-3));
        Assert.True(gap.Bound(BoundForm.Printed, 1e-3) >= gap.Bound(BoundForm.Gradient, 1e-3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public void Demonstrations_that_are_not_there_cannot_be_given(int given) => Refused.With(() => Study(Few with { Given = given }), "demonstrations given", "from 1 to N = 10", $"found {given}");

    [Fact]
    public void Nothing_to_measure_on_is_refused() => Refused.With(() => Study(Few with { Prompts = 0 }), "study", "found 0 and 10");
}
