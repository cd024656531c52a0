using Eckart.Tests.Support;
using Eckart.Theory;
using Eckart.Theory.Tracing;

namespace Eckart.Tests.Theory.Tracing;

public sealed class TracedBoundTests
{
    [Fact]
    public void A_term_is_that_of_the_covariance_in_full()
    {
        using var tiny = new TinyLm();
        var prompt = new TracedPrompt("some prompt", (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 0, [3, 5, 9]);
        var trace = new GradientTracer(tiny.Model, tiny.Editor, LinearForm.FirstOrder).Trace(prompt, tiny.Resolve("none"), null, TestContext.Current.CancellationToken);

        foreach (var (term, expected) in TracedBound.TermsOf(trace, 16, given: 2).Zip(DenseBound.Of(tiny.Model, prompt, given: 2, epsilon: 1e-3)))
        {
            Close(expected.Trace, term.Covariance.Trace);
            Close(expected.LogDeterminant, term.Covariance.LogDeterminant(1e-3));
            Close(expected.Gradient, term.SquaredNorm(BoundForm.Gradient));
            Close(expected.Printed, term.SquaredNorm(BoundForm.Printed));
            Close(expected.Spectral, term.SquaredNorm(BoundForm.Spectral));
        }
    }

    [Fact]
    public void Nothing_changes_without_an_edit_and_a_layer_less_lowers_the_bound_of_the_last()
    {
        using var tiny = new TinyLm();
        var prompt = new TracedPrompt("some prompt", (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 0, [3, 5, 9]);
        var tracer = new GradientTracer(tiny.Model, tiny.Editor, LinearForm.FirstOrder);
        IReadOnlyList<BoundTerm> Terms(string intervention) => TracedBound.TermsOf(tracer.Trace(prompt, tiny.Resolve(intervention), null, CancellationToken.None), 16, 1);

        var before = Terms("none");

        foreach (var form in new[] { BoundForm.Gradient, BoundForm.Spectral, BoundForm.Printed })
        {
            Assert.Equal(0, BoundChange.Of(before, Terms("all@1:0"), form, 1e-6).Difference);
            var dropped = BoundChange.Of(before, Terms("drop@2"), form, 1e-6);
            Assert.True(dropped.Difference < 0);
            Assert.Equal((0, 0), (dropped.Layers[0], dropped.Layers[1]));
            Assert.Equal(-before[2].Summand(form, 1e-6), dropped.Layers[2], 1e-9);
        }
    }

    [Fact]
    public void Impossible_numbers_are_refused()
    {
        using var tiny = new TinyLm();
        var trace = new GradientTracer(tiny.Model, tiny.Editor, LinearForm.FirstOrder).Trace(new TracedPrompt("some prompt", (int[])[1, 2, 3, 4, 5], 0, [2, 3]), tiny.Resolve("none"), null, TestContext.Current.CancellationToken);

        Refused.With(() => TracedBound.TermsOf(trace, 16, given: 3), "b from 1 to N = 2", "found 3");
        Refused.With(() => TracedBound.TermsOf(trace, 16, given: 0), "b from 1 to N = 2", "found 0");
        var terms = TracedBound.TermsOf(trace, 16, given: 1);
        Refused.With(() => BoundChange.Of(terms, terms, BoundForm.Gradient, 0), "epsilon", "above 0", "found 0");
    }

    private static void Close(double expected, double found) => Assert.True(Math.Abs(expected - found) <= 5e-5 * Math.Max(1e-3, Math.Abs(expected)), $"expected {expected:g9}, found {found:g9}");
}
