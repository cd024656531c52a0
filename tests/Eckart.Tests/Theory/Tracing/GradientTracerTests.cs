using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tests.Support;
using Eckart.Theory.Tracing;
using static Eckart.Tests.Theory.Tracing.DenseOracle;

namespace Eckart.Tests.Theory.Tracing;

public sealed class GradientTracerTests
{
    private const double Tolerance = 2e-5;      // relative; hidden states and rotations are float32

    // YaRN's frequencies have tests of their own; here a rotation must be one that is written down in a line.
    public static TheoryData<string> Families => ["llama", "llama-gqa-tied", "mistral", "gptj", "gpt_neox", "gpt2", "qwen2", "qwen3"];

    [Theory]
    [MemberData(nameof(Families))]
    public void A_heads_norm_and_rank_are_those_of_its_matrix_in_full(string name)
    {
        using var golden = new TracedGolden(name);
        var trace = golden.Trace();

        for (var layer = 0; layer < golden.Model.Spec.Layers; layer++)
            for (var head = 0; head < golden.Model.Spec.Heads; head++)
            {
                var spectrum = TracedGolden.Spectrum(golden.Layer(layer).Update(head, 1, 29, LinearForm.FirstOrder));
                var traced = trace.Layers[layer].Heads[head];

                Close(Math.Sqrt(spectrum.Sum(value => value * value)), traced.UpdateNorm, $"norm of layer {layer} head {head}");
                Close(EffectiveRank(spectrum), traced.EffectiveRank, $"rank of layer {layer} head {head}");
            }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_chain_is_that_of_matrices_in_full(string name)
    {
        using var golden = new TracedGolden(name);
        var trace = golden.Trace();

        var product = Identity(golden.Model.Spec.Hidden);
        foreach (var traced in trace.Layers)
        {
            var update = golden.Layer(traced.Layer).Update(1, 29, LinearForm.FirstOrder);
            var step = Times(Times(update, golden.Layer(traced.Layer).NormMatrix()), product);
            product = Sum(product, step);

            Close(Frobenius(update), traced.UpdateNorm, $"update of layer {traced.Layer}");
            Close(EffectiveRank(TracedGolden.Spectrum(update)), traced.EffectiveRank, $"rank of layer {traced.Layer}");
            Close(Frobenius(step), traced.GradientNorm, $"gradient of layer {traced.Layer}");
            Close(Frobenius(product), traced.ProductNorm, $"product at layer {traced.Layer}");
            Close(TracedGolden.Spectrum(product)[0], traced.ProductLargest, $"largest of the product at layer {traced.Layer}");
            if (traced.Layer == golden.Model.Spec.Layers - 1) continue;     // the reference has no residual behind it
            var (first, next) = (golden.States(0)[^1], golden.States(traced.Layer + 1)[^1]);
            Close(Length(Difference(Times(product, first), next)) / Length(next), traced.ChainError, $"chain at layer {traced.Layer}");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Shares_and_errors_at_the_query_are_those_of_sums_over_tokens(string name)
    {
        using var golden = new TracedGolden(name);
        foreach (var form in Enum.GetValues<LinearForm>()) CheckShares(golden, form);
    }

    private static void CheckShares(TracedGolden golden, LinearForm linearForm)
    {
        foreach (var traced in golden.Trace(form: linearForm).Layers)
        {
            var oracle = golden.Layer(traced.Layer);
            var (shown, linear, all) = (new double[golden.Model.Spec.Hidden], new double[golden.Model.Spec.Hidden], new double[golden.Model.Spec.Hidden]);
            var mass = 0.0;
            foreach (var head in traced.Heads)
            {
                var softmax = oracle.Softmax(head.Head);
                var own = oracle.Mixed(head.Head, 1, 29, i => softmax[i]);
                var form = oracle.Mixed(head.Head, 1, 29, i => oracle.Linear(head.Head, i, linearForm));
                var whole = oracle.Mixed(head.Head, 0, 37, i => softmax[i]);
                var where = $"layer {traced.Layer} head {head.Head}";

                Close(softmax[1..30].Sum(), head.Attention, $"attention of {where}");
                Close(Dot(own, whole) / Dot(whole, whole), head.OutputShare, $"share of {where}");
                Close(Length(Difference(form, own)) / Length(own), head.LinearError, $"error of {where}");
                Close(Dot(form, own) / (Length(form) * Length(own)), head.LinearCosine, $"cosine of {where}");
                (shown, linear, all, mass) = (Sum(shown, own), Sum(linear, form), Sum(all, whole), mass + softmax[1..30].Sum());
            }

            Close(mass / traced.Heads.Length, traced.Attention, $"attention of layer {traced.Layer}");
            Close(Dot(shown, all) / Dot(all, all), traced.OutputShare, $"share of layer {traced.Layer}");
            Close(Length(Difference(linear, shown)) / Length(shown), traced.LinearError, $"error of layer {traced.Layer}");
            Close(Dot(linear, shown) / (Length(linear) * Length(shown)), traced.LinearCosine, $"cosine of layer {traced.Layer}");
        }
    }

    [Theory]
    [InlineData("llama-gqa-tied")]
    [InlineData("gptj")]
    [InlineData("qwen3")]
    public void Products_of_demonstrations_gradients_are_those_of_matrices_in_full(string name)
    {
        using var golden = new TracedGolden(name);
        var trace = golden.Trace();

        var product = Identity(golden.Model.Spec.Hidden);
        foreach (var traced in trace.Layers)
        {
            var (oracle, norm) = (golden.Layer(traced.Layer), golden.Layer(traced.Layer).NormMatrix());
            (int Start, int Count)[] tokens = [(1, 8), (9, 11), (20, 10)];
            var steps = tokens.Select(one => Times(Times(oracle.Update(one.Start, one.Count, LinearForm.FirstOrder), norm), product)).ToArray();
            product = steps.Aggregate(product, Sum);

            for (var i = 0; i < 3; i++)
                for (var j = 0; j < 3; j++)
                    Close(9 * steps[i].Zip(steps[j], Dot).Sum(), traced.Gram[i, j], $"product of {i} and {j} at layer {traced.Layer}");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void What_the_mlps_add_is_what_attention_does_not(string name)
    {
        using var golden = new TracedGolden(name);
        var trace = golden.Trace();

        var attended = golden.States(0)[^1];
        foreach (var traced in trace.Layers.SkipLast(1))
        {
            attended = Sum(attended, golden.Layer(traced.Layer).Attention());
            var next = golden.States(traced.Layer + 1)[^1];
            Close(Length(Difference(next, attended)) / Length(next), traced.MlpError, $"MLPs up to layer {traced.Layer}");
        }
    }

    [Fact]
    public void The_papers_form_leaves_scale_and_mean_as_they_are()
    {
        using var golden = new TracedGolden("llama-gqa-tied");

        foreach (var layer in golden.Trace(form: LinearForm.Paper).Layers)
            Close(Frobenius(golden.Layer(layer.Layer).Update(1, 29, LinearForm.Paper)), layer.UpdateNorm, $"update of layer {layer.Layer}");
    }

    // Demonstrations as a set: where their tokens stand counts through rotations and the causal mask, but which is cut off where does not.
    [Fact]
    public void The_gradient_of_all_demonstrations_does_not_depend_on_where_one_ends()
    {
        using var golden = new TracedGolden("llama");
        var other = golden.Prompt with { Ends = [15, 30] };

        var trace = new GradientTracer(golden.Model, golden.Editor, LinearForm.FirstOrder).Trace(other, Intervention.None, null, TestContext.Current.CancellationToken);

        Assert.Equal(golden.Trace().Layers.Select(layer => layer.GradientNorm), trace.Layers.Select(layer => layer.GradientNorm));
    }

    [Theory]
    [InlineData("llama", "query")]
    [InlineData("llama-gqa-tied", "query")]
    [InlineData("gptj", "output")]
    [InlineData("gpt_neox", "output")]
    public void Truncating_queries_or_outputs_never_raises_an_update_of_the_edited_layer(string name, string matrix)
    {
        using var golden = new TracedGolden(name);
        var before = golden.Trace();

        foreach (var rate in new[] { "0.1", "0.5", "0.9" })
        {
            var after = golden.Trace($"{matrix}@2:{rate}").Layers[2];

            Assert.True(after.UpdateNorm <= before.Layers[2].UpdateNorm * (1 + 1e-6));
            Assert.All(after.Heads.Zip(before.Layers[2].Heads), pair => Assert.True(pair.First.UpdateNorm <= pair.Second.UpdateNorm * (1 + 1e-6)));
        }
    }

    [Fact]
    public void A_rate_of_nothing_changes_nothing_and_an_edit_changes_nothing_before_it()
    {
        using var golden = new TracedGolden("gptj");
        var before = golden.Trace();

        Assert.Equal(Text(before.Layers), Text(golden.Trace("all@1:0").Layers));
        var after = golden.Trace("mlp@1:0.9");
        Assert.Equal(Text(before.Layers.Take(1)), Text(after.Layers.Take(1)));
        Assert.Equal(before.Layers[1].UpdateNorm, after.Layers[1].UpdateNorm);
        Assert.NotEqual(before.Layers[2].UpdateNorm, after.Layers[2].UpdateNorm);
        Assert.Equal(Text(before.Layers), Text(golden.Trace().Layers));
    }

    [Fact]
    public void Values_of_zero_are_a_gradient_of_zero()
    {
        using var tiny = new TinyLm(weights => Array.Clear(weights["model.layers.1.self_attn.v_proj.weight"].Values));

        var layer = Trace(tiny).Layers[1];

        Assert.Equal((0, 0, 0), (layer.UpdateNorm, layer.GradientNorm, layer.EffectiveRank));
        Assert.Equal(double.NaN, layer.OutputShare);
        Assert.All(layer.Heads, head => Assert.Equal((0, 0), (head.UpdateNorm, head.EffectiveRank)));
    }

    [Fact]
    public void A_layer_that_is_left_out_has_no_gradient_and_adds_nothing()
    {
        using var tiny = new TinyLm();

        var trace = Trace(tiny, "drop@1");

        Assert.Equal(0, trace.Layers[1].GradientNorm);
        Assert.Empty(trace.Layers[1].Heads);
        Assert.Equal(trace.Layers[0].ProductNorm, trace.Layers[1].ProductNorm);
        Assert.Equal(trace.Layers[0].ChainError, trace.Layers[1].ChainError, 1e-6);
        Assert.True(trace.Layers[2].GradientNorm > 0);
    }

    [Fact]
    public void Nothing_of_a_trace_stays_behind()
    {
        using var tiny = new TinyLm();
        var bits = tiny.LogitBits();
        using var scope = TorchSharp.torch.NewDisposeScope();

        Trace(tiny, "all@1:0.5");

        Assert.Equal(0, scope.DisposablesCount);
        Assert.Equal(bits, tiny.LogitBits());
    }

    [Fact]
    public void Norms_alone_are_those_of_a_whole_trace()
    {
        using var golden = new TracedGolden("llama-gqa-tied");

        var lean = new GradientTracer(golden.Model, golden.Editor, LinearForm.FirstOrder, TraceDetail.Norms).Trace(golden.Prompt, Intervention.None, null, TestContext.Current.CancellationToken);

        Assert.Equal(Text(golden.Trace().Layers.Select(Bare)), Text(lean.Layers));

        static LayerTrace Bare(LayerTrace layer) => layer with { EffectiveRank = double.NaN, Attention = double.NaN, OutputShare = double.NaN, LinearError = double.NaN, LinearCosine = double.NaN, Heads = [] };
    }

    [Theory]
    [InlineData("llama-gqa-tied")]
    [InlineData("gptj")]
    public void Interventions_that_branch_off_are_traced_to_the_bit_as_if_alone(string name)
    {
        using var golden = new TracedGolden(name);
        string[] interventions = ["query@2:0.5", "mlp@1:0.9", "drop@0", "attention@1:0.5+mlp@2:0.9", "all@1:0"];
        var done = 0;

        var traces = new GradientTracer(golden.Model, golden.Editor, LinearForm.FirstOrder)
            .Compare(golden.Prompt, [.. interventions.Select(one => Intervention.Parse(one).Resolve(golden.Model.Spec))], () => done++, TestContext.Current.CancellationToken);

        Assert.Equal(golden.Model.Spec.Layers * (1 + interventions.Length), done);
        foreach (var (trace, alone) in traces.Zip(interventions.Prepend("none").Select(one => golden.Trace(one))))
        {
            Assert.Equal(alone.Intervention, trace.Intervention);
            Assert.Equal(Text(alone.Layers), Text(trace.Layers));
            Assert.Equal(alone.Layers.SelectMany(layer => layer.Gram.Values.ToArray()), trace.Layers.SelectMany(layer => layer.Gram.Values.ToArray()));
        }
    }

    internal static readonly TracedPrompt Prompt = new("some prompt", (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0, [3, 7]);

    internal static ModelTrace Trace(TinyLm tiny, string intervention = "none") =>
        new GradientTracer(tiny.Model, tiny.Editor, LinearForm.FirstOrder).Trace(Prompt, tiny.Resolve(intervention), null, TestContext.Current.CancellationToken);

    private static string Text(IEnumerable<LayerTrace> layers) => string.Join('\n', layers.Select(layer => $"{layer with { Heads = [] }} {string.Join(' ', layer.Heads)}"));

    private static double EffectiveRank(double[] spectrum) => Math.Exp(-spectrum.Where(value => value > 1e-12 * spectrum[0]).Sum(value => value / spectrum.Sum() * Math.Log(value / spectrum.Sum())));

    private static void Close(double expected, double found, string what) =>
        Assert.True(Math.Abs(expected - found) <= Tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: expected {expected:g9}, found {found:g9}");
}
