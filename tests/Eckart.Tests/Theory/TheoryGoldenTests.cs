using System.Text.Json;
using Eckart.Tests.Support;
using Eckart.Tests.Theory.Tracing;
using Eckart.Theory;

namespace Eckart.Tests.Theory;

/// <summary>The worked example of a reference implementation: Lemma 1, Theorem 1, the covariance and the bounds, to 1e-9.</summary>
public sealed class TheoryGoldenTests
{
    private const double Tolerance = 1e-9;

    private static readonly Lazy<JsonElement> File = new(() => JsonDocument.Parse(System.IO.File.ReadAllText(Shared.Find("golden/theory.json"))).RootElement);

    private static JsonElement Golden => File.Value;

    private static JsonElement[] Layers => [.. Golden.GetProperty("layers").EnumerateArray()];

    private static double Epsilon => Number(Golden, "eps");

    private static int Given => Golden.GetProperty("b").GetInt32();

    private static Trajectory Run() => Trajectory.Of([.. Layers.Select(layer => new AttentionWeights(Matrix(layer, "WV"), Matrix(layer, "WK"), Matrix(layer, "WQ")))], Matrix(Golden, "Hs"));

    private static BoundTerm[] Terms() => [.. Run().Steps.Select(step => BoundTerm.Of(step, Given))];

    [Fact]
    public void Updates_gradients_and_weights_are_those_of_the_reference()
    {
        foreach (var (step, layer) in Run().Steps.Zip(Layers))
        {
            Same(Matrix(layer, "dW"), step.Update);
            Same(Matrix(layer, "G"), step.Gradient);
            Same(Matrix(layer, "W"), step.After);
            Same(Number(layer, "fro_dW"), step.Update.Norm);
            Same(Number(layer, "fro_G"), step.Gradient.Norm);
        }
    }

    [Fact]
    public void The_test_token_goes_where_the_reference_has_it()
    {
        double[] test = [.. Golden.GetProperty("h_test").EnumerateArray().Select(one => one.GetDouble())];

        var path = Run().PathOf(test);

        foreach (var (found, layer) in path.Skip(1).Zip(Layers))
            foreach (var (value, expected) in found.Zip(layer.GetProperty("h_test_after").EnumerateArray())) Same(expected.GetDouble(), value);
    }

    [Fact]
    public void Upper_bounds_are_those_of_the_reference()
    {
        foreach (var (step, layer) in Run().Steps.Zip(Layers))
        {
            Same(Number(layer, "UB_paper"), ExampleBounds.Printed(step.Weights, step.Demonstrations));
            Same(Number(layer, "UB_corrected"), ExampleBounds.Corrected(step.Weights, step.Demonstrations));
        }
    }

    [Fact]
    public void Covariance_and_terms_are_those_of_the_reference()
    {
        foreach (var (term, layer) in Terms().Zip(Layers))
        {
            Same(Number(layer, "tr_C"), term.Covariance.Trace);
            Same(Number(layer, "tr_C_eps"), term.Covariance.TraceWith(Epsilon));
            Same(Number(layer, "logdet_C_eps"), term.Covariance.LogDeterminant(Epsilon));
            Same(Number(layer, "term_lemma6_g0"), term.Summand(BoundForm.Gradient, Epsilon));
            Same(Number(layer, "term_theorem2"), term.Summand(BoundForm.Printed, Epsilon));
        }
    }

    [Fact]
    public void Both_bounds_are_those_of_the_reference()
    {
        var bound = new GeneralizationBound(Epsilon, Number(Golden, "R"));

        Same(Number(Golden, "bound_lemma6_g0"), bound.Of(Terms(), BoundForm.Gradient));
        Same(Number(Golden, "bound_theorem2"), bound.Of(Terms(), BoundForm.Printed));
    }

    [Theory]
    [InlineData(1e-1, 2.38)]
    [InlineData(1e-3, 5.11)]
    [InlineData(1e-6, 7.59)]
    [InlineData(1e-9, 9.42)]
    public void A_smaller_epsilon_gives_a_larger_bound_and_nothing_else(double epsilon, double expected) =>
        Assert.Equal(expected, new GeneralizationBound(epsilon).Of(Terms(), BoundForm.Gradient), 0.005);

    [Fact]
    public void The_chain_of_a_real_model_gives_the_same_terms_of_the_papers_plain_layers()
    {
        foreach (var (found, expected) in PlainChain.Terms(Run().Steps, Given).Zip(Terms()))
        {
            Same(expected.Covariance.Trace, found.Covariance.Trace);
            Same(expected.Covariance.LogDeterminant(Epsilon), found.Covariance.LogDeterminant(Epsilon));
            foreach (var form in new[] { BoundForm.Printed, BoundForm.Spectral, BoundForm.Gradient }) Same(expected.Summand(form, Epsilon), found.Summand(form, Epsilon));
        }
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static RealMatrix Matrix(JsonElement element, string name) =>
        RealMatrix.OfRows([.. element.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(one => one.GetDouble()).ToArray())]);

    private static void Same(double expected, double found) => Assert.True(Math.Abs(expected - found) <= Tolerance * Math.Max(1e-3, Math.Abs(expected)), $"{found} for {expected}");

    private static void Same(RealMatrix expected, RealMatrix found) => Assert.True((expected - found).Norm <= Tolerance * expected.Norm, $"off by {(expected - found).Norm}");
}
