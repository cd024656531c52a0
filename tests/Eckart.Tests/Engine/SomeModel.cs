using Eckart.Engine;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Engine;

/// <summary>A random model of a family with queries and interventions for it, all from one seed.</summary>
internal sealed class SomeModel : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly WeightEditor editor;

    public SomeModel(string family, int seed, int queries = 7, int interventions = 8, ComputeOptions? compute = null)
    {
        var random = new Random(seed);
        Checkpoint = Checkpoint.Open(RandomModel.Write(folder, FamilyTable.All.Single(one => one.ModelType == family), random));
        Model = CausalLm.Load(Checkpoint, compute ?? ComputeOptions.Cpu);
        editor = new WeightEditor(Model, SvdKind.Exact, seed: 0);
        var (first, second) = (SomeRequests.Queries(Model.Spec, random, queries), SomeRequests.Queries(Model.Spec, random, 1 + (queries / 2)));
        Requests = [.. SomeRequests.Interventions(Model.Spec, random, interventions).Select((one, i) => new ScoreRequest(i % 3 == 2 ? second : first, one))];
    }

    public Checkpoint Checkpoint { get; }

    public CausalLm Model { get; }

    public IReadOnlyList<ScoreRequest> Requests { get; }

    /// <summary>What the reference answers.</summary>
    public IReadOnlyList<IReadOnlyList<double[]>> Reference()
    {
        var engine = new ReferenceEngine(Model, editor);
        return [.. Requests.Select(request => engine.Score(request.Queries, request.Intervention, null, CancellationToken.None).Scores)];
    }

    /// <summary>What a walk answers.</summary>
    public IReadOnlyList<IReadOnlyList<double[]>> Walk(EngineOptions options)
    {
        using var engine = WalkEngine.Over(Model, options);
        return Walk(engine, Requests);
    }

    /// <summary>What a walk answers that reads the layers as it goes.</summary>
    public IReadOnlyList<IReadOnlyList<double[]>> Stream(EngineOptions options)
    {
        using var engine = WalkEngine.Streaming(Checkpoint, Model.Compute, options);
        return Walk(engine, Requests);
    }

    /// <summary>What an engine answers to requests, in their order.</summary>
    public static IReadOnlyList<IReadOnlyList<double[]>> Walk(IScoringEngine engine, IReadOnlyList<ScoreRequest> requests, IReadOnlyList<ScoreRequest>? later = null)
    {
        var scores = new IReadOnlyList<double[]>?[requests.Count];
        engine.Score(requests, later ?? [], (place, answer) => scores[place] = scores[place] is null ? answer.Scores : throw new InvalidOperationException("Answered twice."), null, CancellationToken.None);
        return [.. scores.Select(one => one ?? throw new InvalidOperationException("Not answered."))];
    }

    /// <summary>The bits of all scores.</summary>
    public static long[] Bits(IEnumerable<IReadOnlyList<double[]>> scores) => [.. scores.SelectMany(one => one).SelectMany(row => row).Select(BitConverter.DoubleToInt64Bits)];

    public static void AssertClose(IReadOnlyList<IReadOnlyList<double[]>> expected, IReadOnlyList<IReadOnlyList<double[]>> actual, double tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var request = 0; request < expected.Count; request++)
            for (var query = 0; query < expected[request].Count; query++)
                for (var choice = 0; choice < expected[request][query].Length; choice++)
                    Assert.True(Math.Abs(expected[request][query][choice] - actual[request][query][choice]) <= tolerance,
                        $"request {request} query {query} choice {choice}: expected {expected[request][query][choice]}, found {actual[request][query][choice]}");
    }

    public void Dispose()
    {
        editor.Dispose();
        Model.Dispose();
        Checkpoint.Dispose();
        folder.Dispose();
    }
}
