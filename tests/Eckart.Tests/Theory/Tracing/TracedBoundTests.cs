using Eckart.Models;
using Eckart.Tests.Support;
using Eckart.Theory;
using Eckart.Theory.Tracing;
using TorchSharp;
using static Eckart.Tests.Theory.Tracing.DenseOracle;

namespace Eckart.Tests.Theory.Tracing;

public sealed class TracedBoundTests
{
    // C_t of Assumption 1 in full, by the mean and outer products of vectors of C² numbers; a model of 16 hidden numbers has 256.
    [Fact]
    public void A_term_is_that_of_the_covariance_in_full()
    {
        using var tiny = new TinyLm();
        var prompt = new TracedPrompt("some prompt", (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 0, [3, 5, 9]);
        var trace = new GradientTracer(tiny.Model, tiny.Editor, LinearForm.FirstOrder).Trace(prompt, tiny.Resolve("none"), null, TestContext.Current.CancellationToken);
        var states = new double[3][][];
        using (torch.NewDisposeScope())
            tiny.Model.HiddenStates(prompt.Ids.Span, (layer, x) => { if (layer < 3) states[layer] = [.. Values(x).Chunk(16)]; });

        var product = Identity(16);
        var terms = TracedBound.TermsOf(trace, 16, given: 2);
        for (var layer = 0; layer < 3; layer++)
        {
            var oracle = new DenseOracle(tiny.Model, layer, states[layer]);
            (int Start, int Count)[] tokens = [(0, 3), (3, 2), (5, 4)];
            var steps = tokens.Select(one => Times(Times(oracle.Update(one.Start, one.Count, LinearForm.FirstOrder), oracle.NormMatrix()), product)).ToArray();
            var mean = steps.Aggregate(Sum);
            var (trace_, determinant) = Covariance([.. steps.Select(step => step.SelectMany(row => row.Select(value => 3 * value)).ToArray())], given: 2, epsilon: 1e-3);

            Close(trace_, terms[layer].Covariance.Trace);
            Close(determinant, terms[layer].Covariance.LogDeterminant(1e-3));
            Close(Frobenius(mean) * Frobenius(mean), terms[layer].SquaredNorm(BoundForm.Gradient));
            Close(Math.Pow(Frobenius(oracle.Update(0, 9, LinearForm.FirstOrder)) * Frobenius(product), 2), terms[layer].SquaredNorm(BoundForm.Printed));
            Close(Math.Pow(Frobenius(oracle.Update(0, 9, LinearForm.FirstOrder)) * TracedGolden.Spectrum(product)[0], 2), terms[layer].SquaredNorm(BoundForm.Spectral));
            product = Sum(product, mean);
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

    private static (double Trace, double LogDeterminant) Covariance(double[][] gradients, int given, double epsilon)
    {
        var (n, d) = (gradients.Length, gradients[0].Length);
        var mean = gradients.Aggregate(Sum).Select(sum => sum / n).ToArray();
        var factor = (double)(n - given) / (given * (n - 1));
        var covariance = Zeros(d, d);
        for (var row = 0; row < d; row++)
            for (var column = 0; column < d; column++)
                covariance[row][column] = (factor * ((gradients.Sum(one => one[row] * one[column]) / n) - (mean[row] * mean[column]))) + (row == column ? epsilon : 0);
        using var scope = torch.NewDisposeScope();
        var matrix = torch.tensor(covariance.SelectMany(row => row).ToArray()).view(d, d);
        return (covariance.Select((row, i) => row[i]).Sum() - (d * epsilon), torch.linalg.slogdet(matrix).Item2.item<double>());
    }

    private static void Close(double expected, double found) => Assert.True(Math.Abs(expected - found) <= 5e-5 * Math.Max(1e-3, Math.Abs(expected)), $"expected {expected:g9}, found {found:g9}");
}
