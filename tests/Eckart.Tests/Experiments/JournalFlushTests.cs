using Eckart.Experiments;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments;

/// <summary>When lines are brought onto the disk.</summary>
public sealed class JournalFlushTests : IDisposable
{
    private static readonly IComparer<IJournalLine> AsTheyCame = Comparer<IJournalLine>.Create((_, _) => 0);

    private readonly TemporaryFolder folder = new();
    private readonly HandTimer clock = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Lines_that_come_at_once_are_flushed_together_a_second_later()
    {
        var files = new FaultyFiles();
        using var journal = Open(files);
        var opened = files.Made.Count;

        for (var i = 0; i < 3; i++) Append(journal, i);
        Assert.Equal((0, 1), (Flushes(), clock.Set));
        clock.GoOff();
        Assert.Equal(1, Flushes());
        clock.GoOff();
        Append(journal, 3);
        Assert.Equal((1, 2), (Flushes(), clock.Set));
        clock.GoOff();

        Assert.Equal(2, Flushes());

        int Flushes() => files.Made.Skip(opened).Count(call => call == FileCall.Flush);
    }

    [Fact]
    public void Once_settled_all_are_there_those_of_a_killed_process_too()
    {
        using (var journal = Open(new FaultyFiles())) Append(journal, 0);
        var files = new FaultyFiles();
        using var again = Open(files);
        var opened = files.Made.Count;

        again.Settle(AsTheyCame);
        again.Settle(AsTheyCame);

        Assert.Equal([FileCall.Flush], files.Made.Skip(opened));
    }

    [Fact]
    public void A_disk_that_fails_is_told_by_the_next_line_or_in_the_end()
    {
        var counting = new FaultyFiles();
        using (var other = Journal.Open(Path.Combine(folder.Path, "counted"), files: counting.Calls with { Unflushed = TimeSpan.FromSeconds(1) })) Append(other, 0);
        var flush = counting.Made.LastIndexOf(FileCall.Write) + 1;      // the timing is written last
        var files = new FaultyFiles(Fault.Gone, flush);

        using var journal = Journal.Open(Path.Combine(folder.Path, "gone"), files: files.Calls with { Unflushed = TimeSpan.FromSeconds(1) }, clock: clock);
        Append(journal, 0);
        clock.GoOff();

        Refused.With(() => Append(journal, 1), "trials.jsonl", "bytes onto the disk", "Input/output error", "run the same command again");
        Refused.With(() => journal.Settle(AsTheyCame), "trials.jsonl", "bytes onto the disk");
        Assert.Single(File.ReadAllLines(Path.Combine(folder.Path, "gone", "trials.jsonl")));
    }

    private Journal Open(FaultyFiles files) => Journal.Open(folder.Path, files: files.Calls with { Unflushed = TimeSpan.FromSeconds(1) }, clock: clock);

    private static void Append(Journal journal, int number) => journal.Append(SomeTrial.Of(FormattableString.Invariant($"mlp@{number}:0.5")), TimeSpan.Zero);

    /// <summary>A clock whose timers go off when they are told to.</summary>
    private sealed class HandTimer : TimeProvider, ITimer
    {
        private readonly List<Action> callbacks = [];

        /// <summary>How often one was set.</summary>
        public int Set { get; private set; }

        public void GoOff()
        {
            foreach (var callback in callbacks) callback();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            callbacks.Add(() => callback(state));
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal((TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan), (dueTime, period));
            Set++;
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
