using Eckart.Engine;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Engine;

public sealed class WalkEngineTests
{
    private const double Tolerance = 1e-4;

    public static TheoryData<string, int> Models()
    {
        var cases = new TheoryData<string, int>();
        foreach (var family in FamilyTable.All)
            for (var seed = 0; seed < 12; seed++) cases.Add(family.ModelType, seed);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Scores_are_those_of_a_full_pass_a_query(string family, int seed)
    {
        using var some = new SomeModel(family, seed);
        var expected = some.Reference();

        var scores = some.Walk(new EngineOptions { ChunkTokens = 40 });

        SomeModel.AssertClose(expected, scores, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Factors_of_the_rank_kept_alone_give_the_same_scores_too(string family, int seed)
    {
        using var some = new SomeModel(family, seed);
        using var editor = new WeightEditor(some.Model, SvdKind.Randomized, seed: 5);
        using var reference = new ReferenceEngine(some.Model, editor);

        var scores = some.Walk(new EngineOptions { ChunkTokens = 40, Svd = SvdKind.Randomized, Seed = 5 });

        SomeModel.AssertClose(SomeModel.Walk(reference, some.Requests), scores, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Operators_chunks_and_streams_give_the_same_scores(string family, int seed)
    {
        using var some = new SomeModel(family, seed);
        var expected = some.Walk(new EngineOptions { ChunkTokens = 40 });

        var streamed = some.Stream(new EngineOptions { ChunkTokens = 40 });

        Assert.Equal(SomeModel.Bits(expected), SomeModel.Bits(streamed));
        foreach (var options in new[] { new EngineOptions { ChunkTokens = 1 }, new EngineOptions { ChunkTokens = 10_000 }, new EngineOptions { ChunkTokens = 40, Operators = true } })
            SomeModel.AssertClose(expected, some.Walk(options), Tolerance);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_score_has_the_same_bits_whatever_else_is_asked_for(string family, int seed)
    {
        using var some = new SomeModel(family, seed);
        using var engine = WalkEngine.Over(some.Model, new EngineOptions { ChunkTokens = 40 });
        var random = new Random(seed);
        var together = SomeModel.Bits(SomeModel.Walk(engine, some.Requests));

        var order = Enumerable.Range(0, some.Requests.Count).ToArray();
        random.Shuffle(order);
        var shuffled = SomeModel.Walk(engine, [.. order.Select(i => some.Requests[i])]);
        var kept = SomeModel.Walk(engine, some.Requests.Take(1).ToArray(), later: some.Requests);
        var alone = some.Requests.Select(request => SomeModel.Walk(engine, [request], later: some.Requests)[0]);

        Assert.Equal(together, SomeModel.Bits(order.Select((place, i) => (place, i)).OrderBy(one => one.place).Select(one => shuffled[one.i])));
        Assert.Equal(together[..kept[0].Sum(row => row.Length)], SomeModel.Bits(kept));
        Assert.Equal(together, SomeModel.Bits(alone));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Scores_do_not_depend_on_the_number_of_workers(string family, int seed)
    {
        using var one = new SomeModel(family, seed, compute: ComputeOptions.Cpu with { Workers = 1 });
        using var many = new SomeModel(family, seed, compute: ComputeOptions.Cpu with { Workers = 7 });

        Assert.Equal(SomeModel.Bits(one.Walk(new EngineOptions { ChunkTokens = 40 })), SomeModel.Bits(many.Walk(new EngineOptions { ChunkTokens = 40 })));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_prefix_shared_with_other_queries_or_not_gives_the_same_scores(string family, int seed)
    {
        using var some = new SomeModel(family, seed);
        var request = some.Requests[^1];
        using var engine = WalkEngine.Over(some.Model, new EngineOptions());
        var together = SomeModel.Walk(engine, [request])[0];

        var alone = SomeModel.Walk(engine, [.. request.Queries.Select(query => new ScoreRequest([query], request.Intervention))]);

        SomeModel.AssertClose([together], [[.. alone.Select(scores => scores[0])]], Tolerance);
    }

    [Theory]
    [InlineData("llama", 1)]
    [InlineData("gptj", 2)]
    public void Factors_from_a_cold_cache_a_warm_one_or_none_give_the_same_bits(string family, int seed)
    {
        using var folder = new TemporaryFolder();
        using var some = new SomeModel(family, seed);
        var options = new EngineOptions { Cache = new FactorCache(folder.Path, 1 << 30) };

        var cold = SomeModel.Bits(some.Walk(options));
        var kept = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Length;

        Assert.True(kept > 0);
        Assert.Equal(cold, SomeModel.Bits(some.Walk(options)));
        Assert.Equal(cold, SomeModel.Bits(some.Walk(new EngineOptions())));
    }

    [Theory]
    [InlineData("llama", 1)]
    [InlineData("llama", 5)]
    [InlineData("gptj", 2)]
    [InlineData("gptj", 6)]
    public void The_least_memory_that_is_accepted_gives_the_same_bits(string family, int seed)
    {
        using var some = new SomeModel(family, seed, interventions: 12);
        var options = new EngineOptions { ChunkTokens = 40 };
        var expected = SomeModel.Bits(some.Walk(options));

        // One branch at a time then: flights of one in memory, a walk a branch where layers are streamed.
        Assert.Equal(expected, SomeModel.Bits(some.Walk(options with { Memory = Least(memory => some.Walk(options with { Memory = memory })) })));
        Assert.Equal(expected, SomeModel.Bits(some.Stream(options with { Memory = Least(memory => some.Stream(options with { Memory = memory })) })));
    }

    private static long Least(Action<long> walk)
    {
        var (refused, accepted) = (0L, 1L << 30);
        while (accepted - refused > 1024)
        {
            var middle = (refused + accepted) / 2;
            if (Record.Exception(() => walk(middle)) is InputException) refused = middle;
            else accepted = middle;
        }

        return accepted;
    }
}
