using Eckart.Experiments;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments;

/// <summary>When lines are brought onto the disk.</summary>
public sealed class JournalFlushTests : IDisposable
{
    private static readonly IComparer<IJournalLine> AsTheyCame = Comparer<IJournalLine>.Create((_, _) => 0);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Lines_wait_until_a_second_of_work_is_at_risk_or_all_are_there()
    {
        var files = new FaultyFiles();
        using var journal = Journal.Open(folder.Path, files: files.Calls with { Unflushed = TimeSpan.FromSeconds(1) });

        var opened = files.Made.Count;
        int[] flushes = [.. new[] { 0.5, 0.25, 0.25, 0.5, -7, 3, 0.5 }.Select((seconds, i) =>
        {
            journal.Append(SomeTrial.Of(FormattableString.Invariant($"mlp@{i}:0.5")), TimeSpan.FromSeconds(seconds));
            return Flushes();
        })];
        journal.Settle(AsTheyCame);
        var settled = Flushes();
        journal.Settle(AsTheyCame);

        Assert.Equal([0, 0, 1, 1, 1, 2, 2], flushes);
        Assert.Equal((3, 3), (settled, Flushes()));

        int Flushes() => files.Made.Skip(opened).Count(call => call == FileCall.Flush);
    }

    [Fact]
    public void A_disk_that_fails_at_the_end_is_said()
    {
        var counting = new FaultyFiles();
        using var counted = Fill(counting, "counted");
        var files = new FaultyFiles(Fault.Full, counting.Made.Count);

        using var journal = Fill(files, "full");

        Refused.With(() => journal.Settle(AsTheyCame), "trials.jsonl", "bytes onto the disk", "No space left", "run the same command again");
        journal.Settle(AsTheyCame);
        Assert.Equal(FileCall.Flush, files.Made[^1]);
    }

    private Journal Fill(FaultyFiles files, string name)
    {
        var journal = Journal.Open(Path.Combine(folder.Path, name), files: files.Calls with { Unflushed = TimeSpan.FromSeconds(1) });
        journal.Append(SomeTrial.Of("none"), TimeSpan.FromSeconds(0.5));
        return journal;
    }
}
