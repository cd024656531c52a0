using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments.Plans;

public sealed class PlanFileTests
{
    [Fact]
    public void What_is_left_out_is_the_embedded_default()
    {
        var plan = PlanFile.Parse("{name: small, interventions: [none, drop@-1]}", "small.yaml");

        Assert.Equal(("small", "", "", "test", false), (plan.Name, plan.Title, plan.Paper, plan.Split, plan.Searches));
        Assert.Equal([EmbeddedModels.Default], plan.Models);
        Assert.Equal([TaskLibrary.Default], plan.Tasks);
        Assert.Equal([TaskLibrary.Default], plan.TasksOfOtherModels);
        Assert.Equal([Protocol.Default], plan.Protocols);
        Assert.Equal(["none", "drop@-1"], plan.Interventions.Select(one => one.ToString()));
        Assert.Equal([new ClippingRate(0)], plan.Rates);
        Assert.True(plan.Seeds.IsEmpty && plan.Shots.IsEmpty && plan.Modules.IsEmpty && plan.Layers.IsEmpty && plan.Drops.IsEmpty);
        Assert.Equal((null, null), (plan.Validation, plan.Test));
    }

    [Fact]
    public void Everything_can_be_said()
    {
        var plan = PlanFile.Parse(
            """
            name: figure-1
            title: Accuracy by clipping rate
            paper: Figure 1
            models: [a, b/c]
            tasks: context
            tasks-of-other-models: [sst2, rte]
            protocols: [default, authors]
            seeds: [1, 2]
            shots: [0, 4]
            split: validation
            validation: 60
            test: all
            modules: [mlp, Attention, query]
            layers: [first 2, last 2, chosen, 5, -1]
            rates: [0.9, 0.1]
            drop: all
            interventions: mlp@3:0.5
            """,
            "x.yaml");

        Assert.Equal(["a", "b/c"], plan.Models);
        Assert.Equal(["context"], plan.Tasks);
        Assert.Equal(["sst2", "rte"], plan.TasksOfOtherModels);
        Assert.Equal([Protocol.Default, Protocol.Authors], plan.Protocols);
        Assert.Equal([1L, 2], plan.Seeds);
        Assert.Equal([0, 4], plan.Shots);
        Assert.Equal(("validation", 60, SampleSize.All), (plan.Split, plan.Validation, plan.Test));
        Assert.Equal(["mlp", "attention", "query"], plan.Modules.Select(module => module.Name));
        Assert.Equal(["first 2", "last 2", "chosen", "5", "-1"], plan.Layers.Select(layers => layers.ToString()));
        Assert.Equal(["0", "0.1", "0.9"], plan.Rates.Select(rate => rate.ToString()));
        Assert.Equal("all", Assert.Single(plan.Drops).ToString());
        Assert.Equal("mlp@3:0.5", Assert.Single(plan.Interventions).ToString());
    }

    [Fact]
    public void Ten_faults_are_reported_at_once_each_with_its_line()
    {
        var refused = Assert.Throws<InputException>(() => PlanFile.Parse(
            """
            name: a/b
            tsks: [context]
            protocols: [mine]
            seeds: [-1]
            shots: [two]
            split: train
            validation: 0
            modules: [mpl]
            layers: [first 0]
            rates: [1]
            interventions: [mlp@x:1]
            models: [a, a]
            """,
            "bad.yaml"));

        foreach (var part in new[]
        {
            "bad.yaml:1: expected 'name' to be letters", "bad.yaml:2: expected a known key, found 'tsks'; did you mean 'tasks'?", "bad.yaml:3: expected 'protocols' to be default, paper or authors, found 'mine'",
            "bad.yaml:4: expected 'seeds' to be whole numbers from 0 up, found '-1'", "bad.yaml:5: expected 'shots'", "bad.yaml:6: expected 'split' to be validation or test or both, found 'train'", "bad.yaml:7: expected 'validation'",
            "bad.yaml:8: expected 'modules' to be modules", "bad.yaml:9: expected 'layers' to be all, chosen, first N", "bad.yaml:10: expected 'rates'", "bad.yaml:11: expected 'interventions'", "bad.yaml:12: expected each of 'models' once, found 'a' again",
        })
            Assert.Contains(part, string.Join('\n', refused.Problems.Select(problem => problem.ToString())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: a", "expected something to do")]
    [InlineData("{name: a, modules: mlp}", "expected 'layers' beside 'modules'")]
    [InlineData("{name: a, layers: all, interventions: none}", "expected 'modules' beside 'layers'")]
    [InlineData("{name: a, modules: mlp, layers: all}", "expected 'rates' above 0")]
    [InlineData("{name: a, search: true, interventions: none}", "expected a search over 'modules' and 'layers' alone")]
    [InlineData("{name: a, search: true, modules: mlp, layers: all, rates: 0.5, split: test}", "expected no 'split' in a search")]
    [InlineData("{name: a, drop: chosen}", "expected layers to drop by place, found 'chosen'")]
    [InlineData("{name: a, measure: spectra, tasks: cb}", "expected no 'tasks' in a plan of this measure, found it: spectra take a model's matrices alone")]
    [InlineData("{name: a, measure: functions, modules: mlp, layers: chosen, rates: 0.5}", "expected layers by place where functions are measured, found 'chosen'")]
    [InlineData("{name: a, measure: functions, shots: 1}", "expected no 'shots' in a plan of this measure")]
    [InlineData("{name: a, drop: all, functions: 7}", "expected no 'functions' where accuracy is measured")]
    [InlineData("{name: a, drop: all, by-shots: 0}", "expected 'by-shots' in a search")]
    [InlineData("{name: a, drop: all, top-k: 2}", "expected 'top-k' in a search")]
    [InlineData("{name: a, drop: all, alpha: 1}", "expected 'alpha' to be a level between 0 and 1, found '1'")]
    [InlineData("{name: a, drop: all, measure: speed}", "expected 'measure' to be accuracy or spectra or functions, found 'speed'")]
    [InlineData("{name: a, drop: all, models: []}", "expected 'models' to be texts, found an empty list; give one at least, or remove the key")]
    [InlineData("{name: a, drop: all, tasks: []}", "expected 'tasks' to be texts, found an empty list")]
    [InlineData("{name: a, drop: all, seeds: []}", "expected 'seeds' to be whole numbers from 0 up, found an empty list")]
    [InlineData("{name: a, drop: all, dtype: f16}", "expected 'dtype' to be f32 or bf16 or f32/cuda or bf16/cuda, found 'f16'")]
    [InlineData("{name: a, measure: spectra, dtype: f32}", "expected no 'dtype' in a plan of this measure")]
    [InlineData("{name: a, drop: all, chunk-tokens: 0}", "expected 'chunk-tokens' to be a whole number from 1")]
    [InlineData("interventions: none", "expected 'name', found none")]
    [InlineData("- a", "expected keys and values")]
    [InlineData("", "expected keys and values, found nothing")]
    [InlineData("{name: a, name: b, drop: all}", "name")]
    [InlineData("{name: a, drop: &x all }", "anchor")]
    public void What_makes_no_sense_is_refused(string text, string found) => Refused.With(() => PlanFile.Parse(text, "bad.yaml"), "bad.yaml:1", found);

    [Theory]
    [InlineData("all", 4, "0 1 2 3")]
    [InlineData("first 2", 4, "0 1")]
    [InlineData("last 2", 4, "2 3")]
    [InlineData("first 9", 4, "0 1 2 3")]
    [InlineData("-1", 4, "3")]
    [InlineData("3", 4, "3")]
    [InlineData("4", 4, null)]
    [InlineData("-5", 4, null)]
    [InlineData("chosen", 4, "")]
    public void Layers_are_those_of_the_model(string text, int layers, string? expected)
    {
        var found = LayerSelection.Parse(text)!.Value.Of(layers);

        Assert.Equal(expected, found is { } some ? string.Join(' ', some) : null);
    }

    [Theory]
    [InlineData("first")]
    [InlineData("first -1")]
    [InlineData("1.5")]
    [InlineData("both")]
    [InlineData("last 2 3")]
    public void Other_texts_are_no_layers(string text) => Assert.Null(LayerSelection.Parse(text));
}
