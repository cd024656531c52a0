using System.Collections.Immutable;
using CsCheck;
using Eckart.Experiments.Plans;

namespace Eckart.Tests.Experiments.Plans;

public sealed class WorkCutTests
{
    private static readonly Gen<ImmutableArray<UnitWork>[]> Groups =
        Gen.Select(Gen.Int[1, 9], Gen.OneOf(Gen.Long[1, 20], Gen.Long[1, long.MaxValue])).Select(run => new UnitWork(run.Item1, run.Item2)).Array[0, 5].Select(runs => runs.ToImmutableArray()).Array[0, 5];

    [Fact]
    public void Every_unit_is_in_one_share_and_neighbours_stay_together() => Gen.Select(Groups, Gen.Int[1, 12]).Sample((groups, of) =>
    {
        var units = groups.SelectMany((runs, group) => Enumerable.Range(0, runs.Sum(run => run.Units)).Select(unit => (group, unit)));

        Assert.Equal(units, Enumerable.Range(1, of).SelectMany(number => UnitsOf(new Shard(number, of), groups)));
    });

    // A cut lies within the unit that it is nearest to the edge of: no share is off by more than one of the largest.
    [Fact]
    public void No_share_takes_more_than_its_part_and_one_unit() => Gen.Select(Groups, Gen.Int[1, 12]).Sample((groups, of) =>
    {
        var work = groups.Select(runs => runs.SelectMany(run => Enumerable.Repeat((Int128)run.Each, run.Units)).ToArray()).ToArray();
        var all = work.SelectMany(one => one).ToArray();

        for (var number = 1; number <= of; number++)
        {
            var own = UnitsOf(new Shard(number, of), groups).Aggregate(Int128.Zero, (sum, unit) => sum + work[unit.Group][unit.Unit]);
            Assert.True((own * of) <= all.Aggregate(Int128.Zero, (sum, one) => sum + one) + ((all.DefaultIfEmpty().Max() + 1) * of));
        }
    });

    [Theory]
    [InlineData(1, "0: 0..3")]
    [InlineData(2, "0: 3..5, 1: 0..1")]
    [InlineData(3, "1: 1..4")]
    public void Units_that_take_alike_are_cut_by_their_number(int number, string expected) => Assert.Equal(expected, Text(new Shard(number, 3), [[new(5, 7)], [new(4, 7)]]));

    [Theory]
    [InlineData(1, "0: 0..1")]
    [InlineData(2, "0: 1..12")]
    public void One_unit_that_takes_as_much_as_all_others_is_a_share(int number, string expected) => Assert.Equal(expected, Text(new Shard(number, 2), [[new(1, 110), new(11, 10)]]));

    private static string Text(Shard shard, IReadOnlyList<ImmutableArray<UnitWork>> groups) => string.Join(", ", new WorkCut(groups).Of(shard).Select(part => $"{part.Group}: {part.Units}"));

    private static IEnumerable<(int Group, int Unit)> UnitsOf(Shard shard, IReadOnlyList<ImmutableArray<UnitWork>> groups) =>
        new WorkCut(groups).Of(shard).SelectMany(part => Enumerable.Range(part.Units.Start.Value, part.Units.End.Value - part.Units.Start.Value).Select(unit => (part.Group, unit)));
}
