using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>Every call to the file system that a whole search makes fails; the same command again ends in the same bytes.</summary>
public sealed class SearchFaultTests : IDisposable
{
    private readonly Words words = new();

    public void Dispose() => words.Dispose();

    [Theory]
    [InlineData(Fault.FullForGood)]
    [InlineData(Fault.ShortThenFull)]
    [InlineData(Fault.Death)]
    internal async Task A_search_outlives_a_fault_at_any_call(Fault fault)
    {
        var files = await Search.Survive(fault);

        Assert.Equal("environment.json finished.json plan.yaml planned.json rates.png rates.svg search.json timings.jsonl trials.jsonl trials.jsonl.lock", string.Join(' ', files.Where(file => !file.StartsWith("items/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)));
    }

    [LongFact]
    public async Task A_search_outlives_every_fault_at_any_call()
    {
        foreach (var fault in Enum.GetValues<Fault>().Except([Fault.None])) await Search.Survive(fault);
    }

    private FaultedCommands Search => new(words, run => [words.Search(run, "--rates", "0.5", "--by-shots", "none", "--no-cache")]);
}
