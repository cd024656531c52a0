using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tests.Support;
using Eckart.Theory.Tracing;
using static Eckart.Tests.Theory.Tracing.DenseOracle;

namespace Eckart.Tests.Theory.Tracing;

public sealed class ContextPatcherTests
{
    public static TheoryData<string> Families => ["llama", "llama-gqa-tied", "llama-yarn", "llama3-rope", "mistral", "gptj", "gpt_neox", "gpt2", "qwen2", "qwen3"];

    [Theory]
    [MemberData(nameof(Families))]
    public void A_patched_layer_without_demonstrations_says_what_it_says_with_them(string name)
    {
        using var golden = new TracedGolden(name);

        foreach (var intervention in new[] { "none", "mlp@1:0.5", "attention@2:0.9" })
        {
            var patch = Find(golden, intervention);

            Assert.True(patch.LargestError < 1e-5, $"{name} under {intervention}: {patch.LargestError}");
            Assert.All(patch.Layers, layer => Assert.True(layer.LargestError < 1e-4, $"{name} layer {layer.Layer}: {layer.LargestError}"));
            Assert.All(patch.Layers, layer => Assert.True(layer.Unpatched > 1e-3, $"{name} layer {layer.Layer}: nothing to patch"));
        }
    }

    // The states with demonstrations are the reference implementation's; those without, and every product, are the oracle's.
    [Theory]
    [InlineData("llama")]
    [InlineData("gptj")]
    [InlineData("gpt_neox")]
    [InlineData("qwen3")]
    public void The_first_two_layers_have_the_patch_that_loops_over_the_reference_states_give(string name)
    {
        using var golden = new TracedGolden(name);
        var found = Find(golden).Layers;
        double[][] own = [golden.States(0)[0], .. golden.States(0)[30..]];

        for (var number = 0; number < 2; number++)
        {
            var (with, without) = (Attended(golden, number, golden.States(number)), Attended(golden, number, own));
            var change = Difference(with.Inner, without.Inner);
            var layer = golden.Model.Layers[number];
            var square = new[] { Projection.Gate, Projection.Up }.Where(layer.Projections.ContainsKey)
                .Sum(projection => Math.Pow(Length(Times([.. Values(layer.Projections[projection].Weight).Chunk(golden.Model.Spec.Hidden)], change)), 2));

            Close(Math.Sqrt(square) / Length(without.Inner), found[number].Norm);
            Close(Length(change) / Length(without.Inner), found[number].InputChange);
            Close(Length(Difference(with.Residual, without.Residual)), found[number].ShiftNorm);
            own = Next(golden, number, own);
        }
    }

    [Fact]
    public void In_a_parallel_first_layer_the_mlp_reads_nothing_of_the_demonstrations()
    {
        using var golden = new TracedGolden("gptj");

        var first = Find(golden).Layers[0];

        Assert.Equal((0, 0), (first.Norm, first.InputChange));
        Assert.True(first.ShiftNorm > 0);
    }

    [Fact]
    public void Edits_below_stay_in_force_and_the_model_is_as_it_was()
    {
        using var tiny = new TinyLm();
        var (bits, edited) = (tiny.LogitBits(), tiny.LogitBitsUnder("mlp@1:0.9"));
        using var scope = TorchSharp.torch.NewDisposeScope();

        var plain = Find(tiny, "none");
        var under = Find(tiny, "mlp@1:0.9");

        Assert.Equal(0, scope.DisposablesCount);
        Assert.Equal(bits, tiny.LogitBits());
        Assert.Equal(edited, tiny.LogitBitsUnder("mlp@1:0.9"));
        Assert.Equal(plain.Layers[0], under.Layers[0]);
        Assert.NotEqual(plain.Layers[1].Norm, under.Layers[1].Norm);
        Assert.True(under.LargestError < 1e-5);
    }

    [Fact]
    public void A_layer_that_is_left_out_has_a_shift_and_no_patch()
    {
        using var tiny = new TinyLm();

        var layer = Find(tiny, "drop@1").Layers[1];

        Assert.Equal((0, double.NaN, double.NaN), (layer.Norm, layer.RelativeNorm, layer.InputChange));
        Assert.True(layer is { ShiftNorm: > 0, Error: < 1e-6, TogetherError: < 1e-5 }, $"{layer}");
    }

    [Fact]
    public void An_mlp_that_reads_zeros_is_refused()
    {
        using var tiny = new TinyLm(weights => Array.Clear(weights["model.layers.2.post_attention_layernorm.weight"].Values));

        Refused.With(() => Find(tiny, "none"), "some prompt", "MLP of layer 2", "zeros");
    }

    [Fact]
    public void States_that_are_not_finite_are_refused_by_layer()
    {
        using var tiny = new TinyLm(weights => weights["model.layers.1.mlp.up_proj.weight"].Values[3] = float.PositiveInfinity);

        Refused.With(() => Find(tiny, "none"), "some prompt under none", "finite hidden states", "input of layer 2");
    }

    [Fact]
    public void All_layers_of_the_real_model_are_patched_to_a_ten_thousandth()
    {
        using var checkpoint = Checkpoint.Open(Shared.Find(Shared.SmolLm2));
        using var model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
        using var editor = new WeightEditor(model, SvdKind.Exact, 0);
        var ids = Enumerable.Range(0, 60).Select(i => 500 + (i * 37 % 900)).ToArray();

        var patch = new ContextPatcher(model, editor).Find(new TracedPrompt("real", ids, 0, [20, 45]), Intervention.None, null, TestContext.Current.CancellationToken);

        Assert.Equal(30, patch.Layers.Length);
        Assert.All(patch.Layers, layer => Assert.True(layer is { Error: < 1e-4, TogetherError: < 1e-4, Unpatched: > 1e-2 }, $"{layer}"));
    }

    private static ModelPatch Find(TracedGolden golden, string intervention = "none") =>
        new ContextPatcher(golden.Model, golden.Editor).Find(golden.Prompt, Intervention.Parse(intervention).Resolve(golden.Model.Spec), null, TestContext.Current.CancellationToken);

    private static ModelPatch Find(TinyLm tiny, string intervention) =>
        new ContextPatcher(tiny.Model, tiny.Editor).Find(new TracedPrompt("some prompt", (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0, [3, 7]), tiny.Resolve(intervention), null, TestContext.Current.CancellationToken);

    // The residual with attention in it and what the MLP reads, at the last token.
    private static (double[] Residual, double[] Inner) Attended(TracedGolden golden, int number, double[][] states)
    {
        var layer = golden.Model.Layers[number];
        var residual = Sum(states[^1], new DenseOracle(golden.Model, number, states).Attention());
        return (residual, Norm(layer.MlpNorm, golden.Model.Spec.Residual == ResidualLayout.Parallel ? states[^1] : residual));
    }

    // What enters the next layer, token by token: each is the last of a shorter sequence.
    private static double[][] Next(TracedGolden golden, int number, double[][] states) =>
        [.. Enumerable.Range(1, states.Length).Select(count =>
        {
            var (residual, inner) = Attended(golden, number, states[..count]);
            return Sum(residual, Mlp(golden.Model, number, inner));
        })];

    private static double[] Mlp(CausalLm model, int number, double[] x)
    {
        var up = Product(Projection.Up, x);
        if (!model.Spec.Family.Gated) return Product(Projection.Down, [.. up.Select(Gelu)]);
        return Product(Projection.Down, [.. Product(Projection.Gate, x).Zip(up, (gate, value) => gate / (1 + Math.Exp(-gate)) * value)]);

        double[] Product(Projection projection, double[] input)
        {
            var linear = model.Layers[number].Projections[projection];
            var product = Times([.. Values(linear.Weight).Chunk(input.Length)], input);
            return linear.Bias is { } bias ? Sum(product, Values(bias)) : product;
        }

        double Gelu(double value) => model.Spec.Activation == Activation.GeluTanh
            ? value / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (value + (0.044715 * value * value * value))))
            : value / 2 * (1 + Erf(value / Math.Sqrt(2)));
    }

    // Its series; arguments here are small.
    private static double Erf(double x)
    {
        var (sum, term) = (x, x);
        for (var n = 1; n < 60; n++) sum += (term *= -x * x / n) / ((2 * n) + 1);
        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static void Close(double expected, double found) => Assert.True(Math.Abs(expected - found) <= 2e-5 * Math.Max(1, expected), $"expected {expected:g9}, found {found:g9}");
}
