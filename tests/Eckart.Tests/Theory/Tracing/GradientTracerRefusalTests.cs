using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tests.Support;
using Eckart.Theory.Tracing;
using static Eckart.Tests.Theory.Tracing.GradientTracerTests;

namespace Eckart.Tests.Theory.Tracing;

/// <summary>What cannot be traced is refused by its place.</summary>
public sealed class GradientTracerRefusalTests
{
    [Fact]
    public void States_that_are_not_finite_are_refused_by_layer()
    {
        using var tiny = new TinyLm(weights => weights["model.layers.0.mlp.gate_proj.weight"].Values[3] = float.NaN);

        Refused.With(() => Trace(tiny), "some prompt under none", "finite hidden states", "input of layer 1");
    }

    [Theory]
    [InlineData("mlp@0:0.5")]
    [InlineData("query@1:0.5")]
    public void Attention_that_is_not_finite_is_refused_by_layer_and_intervention(string intervention)
    {
        using var tiny = new TinyLm(weights => weights["model.layers.2.self_attn.o_proj.weight"].Values[5] = float.NaN);

        Refused.With(() => Compare(tiny, tiny.Resolve(intervention)), $"some prompt under {intervention}", "finite query and output weights, keys and values of attention", "layer 2");
    }

    // Scores that a float32 holds, and six layers of them in a row that no float64 does.
    [Fact]
    public void Gradients_that_no_float64_holds_are_refused_by_layer_and_intervention()
    {
        using var folder = new TemporaryFolder();
        var config = TinyModel.LlamaConfig();
        config["num_hidden_layers"] = 6;
        using var checkpoint = Checkpoint.Open(RandomModel.Write(folder, FamilyTable.All.Single(one => one.ModelType == "llama"), config, new Random(3)));
        using var model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
        using var editor = new WeightEditor(model, SvdKind.Exact, 0);
        using var scope = TorchSharp.torch.NewDisposeScope();
        foreach (var linear in model.Layers.SelectMany(layer => new[] { layer.Projections[Projection.Query], layer.Projections[Projection.Key] }))
            linear.Replace(linear.Weight.mul(1e17f));

        Refused.With(() => new GradientTracer(model, editor, LinearForm.Paper).Compare(Prompt, [Intervention.Parse("mlp@0:0.5")], null, TestContext.Current.CancellationToken), "some prompt under mlp@0:0.5", "gradients whose squares a float64 holds", "layer 4", "--form first-order");
    }

    [Theory]
    [InlineData("drop@-1")]
    [InlineData("mlp@1:0.5+drop@-1")]
    [InlineData("drop@3")]
    public void Interventions_that_are_not_resolved_are_refused(string intervention)
    {
        using var tiny = new TinyLm();

        var refused = Assert.Throws<ArgumentException>(() => Compare(tiny, tiny.Resolve("drop@0"), Intervention.Parse(intervention)));

        Assert.Contains($"Intervention {intervention}: expected layers from 0 to 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_that_hides_demonstrations_is_refused_by_layer_and_family()
    {
        using var folder = new TemporaryFolder();
        var config = TinyModel.LlamaConfig();
        config["model_type"] = "mistral";
        config["sliding_window"] = 9;
        using var checkpoint = Checkpoint.Open(RandomModel.Write(folder, FamilyTable.All.Single(one => one.ModelType == "mistral"), config, new Random(3)));
        using var model = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
        using var editor = new WeightEditor(model, SvdKind.Exact, 0);
        var tracer = new GradientTracer(model, editor, LinearForm.FirstOrder);

        tracer.Trace(Prompt with { Ids = Prompt.Ids[..9] }, Intervention.None, null, TestContext.Current.CancellationToken);
        Refused.With(() => tracer.Trace(Prompt, Intervention.None, null, TestContext.Current.CancellationToken), "some prompt", "10 tokens", "layer 0", "Mistral", "window of 9", "--shots");
    }

    private static void Compare(TinyLm tiny, params Intervention[] interventions) =>
        new GradientTracer(tiny.Model, tiny.Editor, LinearForm.FirstOrder).Compare(Prompt, interventions, null, TestContext.Current.CancellationToken);
}
