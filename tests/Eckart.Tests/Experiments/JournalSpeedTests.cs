using System.Diagnostics;
using Eckart.Experiments;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments;

public sealed class JournalSpeedTests : IDisposable
{
    private const int Count = 20_000;
    private const int Queries = 64;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [LongFact]
    public void Twenty_thousand_trials_are_read_and_checked_in_two_seconds()
    {
        WriteSweep();
        using (Journal.Open(folder.Path)) Journal.Read(folder.Path);        // compiled, and the file in memory

        var opening = Stopwatch.StartNew();
        using (var journal = Journal.Open(folder.Path)) Assert.Equal(Count, journal.Trials.Count);
        opening.Stop();
        var reading = Stopwatch.StartNew();
        Assert.Equal(Count, Journal.Read(folder.Path).Trials.Count);
        reading.Stop();

        var figures = FormattableString.Invariant($"{new FileInfo(Path.Combine(folder.Path, "trials.jsonl")).Length >> 20} MiB: opened in {opening.Elapsed.TotalSeconds:0.00} s, read in {reading.Elapsed.TotalSeconds:0.00} s");
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(opening.Elapsed < TimeSpan.FromSeconds(2) && reading.Elapsed < TimeSpan.FromSeconds(2), figures);
    }

    // A sweep's lines: 64 queries of two choices.
    private void WriteSweep()
    {
        var random = new Random(7);
        int[] gold = [.. Enumerable.Range(0, Queries).Select(i => i % 2)], rows = [.. Enumerable.Range(0, Queries)];
        using var file = new BufferedStream(File.Create(Path.Combine(folder.Path, "trials.jsonl")), 1 << 20);
        for (var i = 0; i < Count; i++)
        {
            double[][] scores = [.. gold.Select(_ => new[] { -10 * random.NextDouble(), -10 * random.NextDouble() })];
            var ranks = new Dictionary<string, int> { ["Gate@26"] = 28, ["Up@26"] = 28, ["Down@26"] = 28 };
            file.Write([.. Trial.From(SomeTrial.Key(FormattableString.Invariant($"mlp@{i}:0.95")), ranks, scores, gold, rows).ToJson(), (byte)'\n']);
        }
    }
}
