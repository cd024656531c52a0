using System.Collections.Immutable;
using Eckart.Engine;
using Eckart.Engine.Packing;
using Eckart.Engine.Walking;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Engine;

/// <summary>How many times the published procedure's multiplications are those that have to be done, for SmolLM2 on real prompts: the figures that the project is measured by.</summary>
public sealed class LimitTests
{
    private static readonly ClippingRate[] Rates = [.. new[] { 0.1m, 0.5m, 0.75m, 0.9m, 0.95m, 0.99m, 0.995m }.Select(rate => new ClippingRate(rate))];

    [Theory]
    [InlineData("sst2", 70, 65, 34, 290)]
    [InlineData("cb", 36, 32, 15, 160)]
    public void The_published_procedure_needs_many_times_more(string task, double mlp, double attention, double sweep, double more)
    {
        using var checkpoint = Checkpoint.Open(Shared.Find(Shared.SmolLm2));
        using var tokenizer = checkpoint.LoadTokenizer();
        Shared.Find($"data/{task}");
        var variant = TaskLibrary.Load(task).For(Protocol.Authors);
        var sample = Sampler.Draw(variant, Shared.Find("data"), new SampleSize(Validation: 200, Test: 200));
        var encoder = new QueryEncoder(tokenizer, checkpoint.Spec, variant.Scoring);
        var (validation, test) = (Encode(sample.Validation), Encode(sample.Test));
        var spec = checkpoint.Spec;
        string Ratio(long needed, params ScoreRequest[] requests) { var r = requests.Sum(request => WorkCount.OfReference(spec, request.Queries, request.Intervention)); var h = requests.Sum(request => request.Queries.Sum(q => WorkCount.OfProduct(q.Choices[0].Ids.Length - 2, spec.Hidden, spec.Vocabulary))); return $"{(double)r / needed:0.0} headall {(double)(r + h) / needed:0.0} ({needed / 1e9:0} GF)"; }
        var found = new List<string>();
        foreach (var module in new[] { Module.Mlp, Module.Attention })
        {
            Intervention[] tries = [.. Rates.Select(rate => new Intervention(new Truncation(module, 27, rate)))];
            ScoreRequest[] first = [.. tries.Prepend(Intervention.None).Select(one => new ScoreRequest(validation, one)), new ScoreRequest(test, Intervention.None)];
            ScoreRequest[] second = [new ScoreRequest(test, tries[3])];
            found.Add(module + " " + Ratio(Bound(spec, first) + Bound(spec, second, new TrunkPosition(27, module == Module.Mlp)), [.. first, .. second]));
        }

        var one = new ScoreRequest(test, Intervention.Parse("mlp@27:0.9"));
        found.Add("more " + Ratio(Bound(spec, [one], new TrunkPosition(27, true)), one));
        var some = Encode(Sampler.Draw(variant, Shared.Find("data"), new SampleSize(Validation: 64)).Validation);
        ScoreRequest[] all = [new(some, Intervention.None), .. from layer in Enumerable.Range(0, 30) from module in new[] { Module.Attention, Module.Mlp } from rate in Rates select new ScoreRequest(some, new Intervention(new Truncation(module, layer, rate)))];
        found.Add("sweep " + Ratio(Bound(spec, all), all));
        found.Add("sweep none twice " + Ratio(Bound(spec, all), [.. all, .. Enumerable.Repeat(all[0], 59)]));
        found.Add($"plain {(double)Bound(spec, [new(test, Intervention.None)]) / test.Count / 1e9} GF {(double)Bound(spec, [new(validation, Intervention.None)]) / validation.Count / 1e9} GF" + test.Average(q => q.Choices[0].Ids.Length) + " " + validation.Average(q => q.Choices[0].Ids.Length));
        Assert.Fail(string.Join('\n', found) + $"{mlp} {attention} {sweep} {more}");

        IReadOnlyList<Query> Encode(ItemSet items) => QuerySet.Encode(task, "test", items, encoder, 1).Queries;
    }

    private static long Bound(ModelSpec spec, ScoreRequest[] requests, TrunkPosition start = default)
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
}
