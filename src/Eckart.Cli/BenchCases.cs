using Eckart.Engine;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Statistics;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary>The cases of <c>bench</c>.</summary>
/// <param name="spec">Of the model.</param>
/// <param name="validation">What a search chooses by.</param>
/// <param name="test">What is evaluated.</param>
/// <param name="swept">What a sweep runs on.</param>
internal sealed class BenchCases(ModelSpec spec, QuerySet validation, QuerySet test, IReadOnlyList<Query> swept)
{
    /// <summary>In the order in which they run.</summary>
    public static readonly IReadOnlyList<string> Names = ["full-pass", "prefix", "resume", "search", "sweep"];

    // The published rates but 0, which every search tries once.
    private static readonly ClippingRate[] Rates = [.. new[] { 0.1m, 0.5m, 0.75m, 0.9m, 0.95m, 0.99m, 0.995m }.Select(rate => new ClippingRate(rate))];

    private int Layer => Math.Max(0, spec.Layers - 3);

    /// <summary>The cases of a name.</summary>
    public IEnumerable<BenchCase> Of(string name) => name switch
    {
        "full-pass" => [new BenchCase(name, [new ScoreRequest([test.Queries[0]], Intervention.None)]) { Test = 1 }],
        "prefix" => [new BenchCase(name, [OnTest(Intervention.None)]) { Test = test.Queries.Count }],
        "resume" => [Resume()],
        "search" => [Search(Module.Mlp), Search(Module.Attention)],
        _ => [Sweep()],
    };

    // The engine has been at this layer before: it has the matrices' factors and the trunk's hidden states.
    private BenchCase Resume() => new("resume", [OnTest(Truncate(Module.Mlp, Layer, new ClippingRate(0.9m)))])
    {
        Module = Module.Mlp,
        Layer = Layer,
        Test = test.Queries.Count,
        Before = [OnTest(Intervention.None), OnTest(Truncate(Module.Mlp, Layer, new ClippingRate(0.5m)))],
    };

    // As Algorithm 1 asks for it; where no rate does better than none, the best of them is tested all the same, so that the work is a whole search's.
    private BenchCase Search(Module module)
    {
        Intervention[] tries = [.. Rates.Select(rate => Truncate(module, Layer, rate))];
        return new BenchCase("search", [.. tries.Prepend(Intervention.None).Select(one => new ScoreRequest(validation.Queries, one)), OnTest(Intervention.None)])
        {
            Module = module,
            Layer = Layer,
            Validation = validation.Queries.Count,
            Test = test.Queries.Count,
            Later = [.. tries.Select(OnTest)],
            Then = answers => OnTest(tries[Enumerable.Range(0, tries.Length).MaxBy(i => Correct(answers[i + 1]))]),
        };
    }

    private BenchCase Sweep() => new("sweep",
        [new ScoreRequest(swept, Intervention.None), .. from layer in Enumerable.Range(0, spec.Layers) from module in new[] { Module.Attention, Module.Mlp } from rate in Rates select new ScoreRequest(swept, Truncate(module, layer, rate))])
    {
        Validation = swept.Count,
    };

    private ScoreRequest OnTest(Intervention intervention) => new(test.Queries, intervention);

    private Intervention Truncate(Module module, int layer, ClippingRate rate) => new Intervention(new Truncation(module, layer, rate)).Resolve(spec);

    private int Correct(TrialScores answer) => ChoiceScores.Predict(answer.Scores).Zip(validation.Gold).Count(pair => pair.First == pair.Second);
}
