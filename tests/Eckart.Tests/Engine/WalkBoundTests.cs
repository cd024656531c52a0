using Eckart.Engine;
using Eckart.Engine.Arithmetic;
using Eckart.Engine.Walking;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Tests.Engine;

public sealed class WalkBoundTests
{
    private static readonly EngineOptions Options = new() { ChunkTokens = 40 };

    [Theory]
    [MemberData(nameof(WalkEngineTests.Models), MemberType = typeof(WalkEngineTests))]
    public void A_walk_takes_at_least_as_many_operations(string family, int seed)
    {
        using var some = new SomeModel(family, seed);
        using var engine = WalkEngine.Over(some.Model, Options);

        var bound = engine.OperationsFor(some.Requests);
        SomeModel.Walk(engine, some.Requests);

        Assert.InRange(bound, 1, engine.Operations);
    }

    [Theory]
    [MemberData(nameof(WalkEngineTests.Models), MemberType = typeof(WalkEngineTests))]
    public void Where_nothing_is_rounded_up_a_walk_takes_exactly_as_many(string family, int seed)
    {
        using var some = new SomeModel(family, seed);
        using var engine = WalkEngine.Over(some.Model, Options);
        ScoreRequest[] requests = [.. Plain(some).SelectMany(one => some.Requests.Select(request => request.Queries).Distinct().Select(queries => new ScoreRequest(queries, one)))];

        var bound = engine.OperationsFor(requests);
        SomeModel.Walk(engine, requests);

        Assert.Equal(bound, engine.Operations);
    }

    [Theory]
    [MemberData(nameof(WalkEngineTests.Models), MemberType = typeof(WalkEngineTests))]
    public void Branches_that_read_other_queries_count_their_own(string family, int seed)
    {
        using var some = new SomeModel(family, seed);
        using var engine = WalkEngine.Over(some.Model, Options);
        var sets = some.Requests.Select(request => request.Queries).Distinct().ToArray();

        // The unedited model at all of them, as a trunk carries every chunk as far as any.
        ScoreRequest[] requests =
        [
            .. sets.Select(queries => new ScoreRequest(queries, Intervention.None)),
            .. Plain(some).Where(one => !one.IsNone).SelectMany((one, i) => new[] { i, i + (i % 3) }.Select(set => sets[set % sets.Length]).Distinct().Select(queries => new ScoreRequest(queries, one))),
        ];

        var bound = engine.OperationsFor(requests);
        SomeModel.Walk(engine, requests);

        Assert.Equal(bound, engine.Operations);
    }

    [Theory]
    [MemberData(nameof(WalkEngineTests.Models), MemberType = typeof(WalkEngineTests))]
    public void A_walk_that_begins_where_another_left_the_trunk_does_not_count_what_lies_before(string family, int seed)
    {
        using var some = new SomeModel(family, seed);
        using var fresh = WalkEngine.Over(some.Model, Options);
        using var engine = WalkEngine.Over(some.Model, Options);
        var queries = some.Requests[0].Queries;
        ScoreRequest[] later = [new ScoreRequest(queries, new Intervention(new LayerDrop(some.Model.Spec.Layers - 1)))];
        SomeModel.Walk(engine, [new ScoreRequest(queries, Intervention.None)], later);
        var before = engine.Operations;

        var bound = engine.OperationsFor(later);
        SomeModel.Walk(engine, later);

        Assert.Equal(bound, engine.Operations - before);
        Assert.True(some.Model.Spec.Layers == 1 ? bound == fresh.OperationsFor(later) : bound < fresh.OperationsFor(later));
    }

    [Fact]
    public void Progress_goes_from_nothing_to_all_that_has_to_be_done()
    {
        using var some = new SomeModel("llama", seed: 3);
        using var engine = WalkEngine.Over(some.Model, Options);
        var told = new List<WorkDone>();

        for (var round = 0; round < 2; round++)
        {
            told.Clear();
            engine.Score(some.Requests, [], (_, _) => { }, told.Add, CancellationToken.None);

            Assert.All(told, one => Assert.InRange(one.Operations, 1, one.Planned));
            Assert.Equal(told.OrderBy(one => one.Operations), told);
            Assert.True(told[0].Operations < told[0].Planned / 2);
            Assert.Equal(told[^1].Planned, told[^1].Operations);
            Assert.Equal(engine.OperationsFor(some.Requests), told[^1].Planned);
        }
    }

    // None, layers left out, and for each matrix a rate at which it is multiplied as it was: not those in attention where its residual is parallel, as branches
    // that leave there could have the parent's MLP.
    private static IEnumerable<Intervention> Plain(SomeModel some)
    {
        var spec = some.Model.Spec;
        decimal[] rates = [0.01m, 0.05m, 0.1m, 0.2m, 0.3m, 0.4m, 0.5m];
        var drops = Enumerable.Range(0, spec.Layers).Select(layer => new Intervention(new LayerDrop(layer)));
        var truncations =
            from layer in Enumerable.Range(0, spec.Layers)
            from module in Module.Known.Where(module => module.In(spec).Length == 1)
            where spec.Family.Residual == ResidualLayout.Sequential || module.Projections[0] > Projection.Output
            let found = rates.Select(rate => new Truncation(module, layer, new ClippingRate(rate))).FirstOrDefault(one => IsDense(one, spec))
            where found is not null
            select new Intervention(found).Resolve(spec);
        return [Intervention.None, .. drops, .. truncations];
    }

    private static bool IsDense(Truncation one, ModelSpec spec)
    {
        var (projection, edit) = (one.Module.Projections[0], LayerEdit.Of(new Intervention(one), spec)[0]);
        var shape = spec.ShapeOf((Part)projection);
        return TruncatedWeight.FormOf(shape[0], shape[1], shape.Min(), one.Rate.KeptRank(shape[0], shape[1]), edit.IsBeside(projection)) == TruncatedForm.Dense;
    }
}
