using System.Collections.Immutable;
using Eckart.Engine;
using Eckart.Engine.Packing;
using Eckart.Engine.Walking;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Engine;

/// <summary>How many times as many multiplications the published procedure takes as have to be done, for SmolLM2 on real prompts.</summary>
public sealed class LimitTests
{
    private const int Layer = 27;
    private static readonly ClippingRate[] Rates = [.. new[] { 0.1m, 0.5m, 0.75m, 0.9m, 0.95m, 0.99m, 0.995m }.Select(rate => new ClippingRate(rate))];

    // The second figure of each pair counts the head at every position, as the published code runs it.
    [Theory]
    [InlineData("sst2", new[] { 55.4, 69.6 }, new[] { 51.5, 64.8 }, new[] { 228.0, 286.4 }, new[] { 25.2, 31.7 })]
    [InlineData("cb", new[] { 27.9, 34.7 }, new[] { 25.1, 31.3 }, new[] { 111.4, 138.6 }, new[] { 10.2, 12.7 })]
    public void The_published_procedure_takes_many_times_more(string task, double[] mlp, double[] attention, double[] more, double[] sweep)
    {
        using var checkpoint = Checkpoint.Open(Shared.Find(Shared.SmolLm2));
        using var tokenizer = checkpoint.LoadTokenizer();
        Shared.Find($"data/{task}");
        var (spec, variant) = (checkpoint.Spec, TaskLibrary.Load(task).For(Protocol.Authors));
        var sample = Sampler.Draw(variant, Shared.Find("data"), new SampleSize(Validation: 200, Test: 200));
        var swept = Sampler.Draw(variant, Shared.Find("data"), new SampleSize(Validation: 64, Test: 1)).Validation;

        Assert.Equal(mlp, Search(spec, Encode(sample.Validation), Encode(sample.Test), Module.Mlp), Within);
        Assert.Equal(attention, Search(spec, Encode(sample.Validation), Encode(sample.Test), Module.Attention), Within);
        Assert.Equal(more, Limits(spec, [([new ScoreRequest(Encode(sample.Test), Truncate(Module.Mlp, Layer, 0.9m))], new TrunkPosition(Layer, true))]), Within);
        Assert.Equal(sweep, Limits(spec, [(Sweep(spec, Encode(swept)), TrunkPosition.Start)]), Within);

        IReadOnlyList<Query> Encode(ItemSet items) => QuerySet.Encode(task, "test", items, new QueryEncoder(tokenizer, spec, variant.Scoring), ComputeOptions.Cpu.Workers).Queries;
    }

    // Walk one: all rates on validation, and the unedited model on both; walk two: a rate on test, from where the edits begin.
    private static double[] Search(ModelSpec spec, IReadOnlyList<Query> validation, IReadOnlyList<Query> test, Module module)
    {
        Intervention[] tries = [.. Rates.Select(rate => Truncate(module, Layer, rate.Value))];
        ScoreRequest[] first = [.. tries.Prepend(Intervention.None).Select(one => new ScoreRequest(validation, one)), new ScoreRequest(test, Intervention.None)];
        return Limits(spec, [(first, TrunkPosition.Start), ([new ScoreRequest(test, tries[3])], new TrunkPosition(Layer, module == Module.Mlp))]);
    }

    private static ScoreRequest[] Sweep(ModelSpec spec, IReadOnlyList<Query> queries) =>
        [new ScoreRequest(queries, Intervention.None),
         .. from layer in Enumerable.Range(0, spec.Layers) from module in new[] { Module.Attention, Module.Mlp } from rate in Rates select new ScoreRequest(queries, Truncate(module, layer, rate.Value))];

    private static double[] Limits(ModelSpec spec, (ScoreRequest[] Requests, TrunkPosition Start)[] walks)
    {
        var requests = walks.SelectMany(walk => walk.Requests).ToArray();
        var (needed, reference) = (walks.Sum(walk => Bound(spec, walk.Requests, walk.Start)), requests.Sum(request => WorkCount.OfReference(spec, request.Queries, request.Intervention)));
        var heads = requests.Sum(request => request.Queries.Sum(query => WorkCount.OfProduct(query.Choices[0].Input.Length - 1, spec.Hidden, spec.Vocabulary)));
        return [(double)reference / needed, (double)(reference + heads) / needed];
    }

    private static long Bound(ModelSpec spec, ScoreRequest[] requests, TrunkPosition start)
    {
        var prefixes = new List<SharedPrefix>();
        var layouts = requests.Select(request => request.Queries).Distinct().ToDictionary(queries => queries, queries => new Layout(queries, EngineOptions.UsualChunkTokens, Intern));
        (PromptSet Set, ImmutableArray<LayerEdit> Edits)[] orders = [.. requests.SelectMany(request => layouts[request.Queries].Sets.Select(set => (set, LayerEdit.Of(request.Intervention, spec))))];
        return new WalkBound(spec, SvdKind.Exact, orders).Of(BranchTree.Plan(orders), start);

        SharedPrefix Intern(SharedPrefix prefix)
        {
            if (prefixes.Find(prefix.Matches) is { } known) return known;
            prefixes.Add(prefix);
            return prefix;
        }
    }

    private static Intervention Truncate(Module module, int layer, decimal rate) => new(new Truncation(module, layer, new ClippingRate(rate)));

    private static bool Within(double a, double b) => Math.Abs(a - b) <= 0.051;
}
