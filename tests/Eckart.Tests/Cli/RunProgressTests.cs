using System.Globalization;
using Eckart.Cli;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Tests.Experiments;

namespace Eckart.Tests.Cli;

public sealed class RunProgressTests : IDisposable
{
    private static readonly PlannedEpisode Episode = new(new PlannedTrials("tiny", "words", "default", 1, 2, null, [new UnitWork(4, 1)], 0, 1, 1), null);

    private static readonly Trial Unedited = SomeTrial.Of("none", -9);      // one of three right
    private static readonly Trial Better = SomeTrial.Of("mlp@1:0.5");       // two

    private readonly StringWriter writer = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
    private readonly HandClock clock = new();

    public void Dispose() => writer.Dispose();

    [Fact]
    public void A_terminal_shows_walk_trials_rate_time_left_and_the_best_in_place()
    {
        using (var progress = Of(() => 100)) Tell(progress.Listener);

        Assert.Equal(
            ["tiny on words", "[######..................] 1 of 4 trials, 0.5/s, 0:02, 0:06 left", "0.50/2 GFLOP, 0.3/s, 0:02, 0:06 left", "best none 0.3333 (test)"],
            new Screen(writer.ToString(), draws: 1).Lines);
        Assert.Equal(
            ["tiny on words", "[############............] 2 of 4 trials, 0.3/s, 0:06, 0:06 left", "1/2 GFLOP, 0.2/s, 0:06, 0:06 left", "best mlp@1:0.5 0.6667, unedited 0.3333 (test)"],
            new Screen(writer.ToString(), draws: 3).Lines);
        Assert.Empty(new Screen(writer.ToString()).Lines);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(33)]
    public void No_line_is_longer_than_a_narrow_terminal(int columns)
    {
        using (var progress = Of(() => columns)) Tell(progress.Listener);

        var lines = new Screen(writer.ToString(), draws: 3).Lines;
        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, columns - 1));
        Assert.Empty(new Screen(writer.ToString()).Lines);
    }

    [Fact]
    public void No_colour_is_used() => Assert.DoesNotMatch("\e\\[[0-9;]*m", A_whole_run(() => 80));

    [Fact]
    public void Without_a_terminal_a_plain_line_says_the_same_every_quarter_of_a_minute()
    {
        using (var progress = Of(null)) Tell(progress.Listener, pace: 10);

        var lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.DoesNotContain(lines, line => line.Contains('\e', StringComparison.Ordinal));
        Assert.Equal("tiny on words, 1 of 4 trials, 0.1/s, 0:20, 1:00 left, 0.50/2 GFLOP, 0.0/s, 0:20, 1:00 left, best none 0.3333 (test)", lines[0]);
        Assert.Equal("tiny on words, 2 of 4 trials, 0.0/s, 1:00, 1:00 left, 1/2 GFLOP, 0.0/s, 1:00, 1:00 left, best mlp@1:0.5 0.6667, unedited 0.3333 (test)", lines[^1]);
    }

    [Fact]
    public void Trials_that_were_there_are_done_and_no_part_of_the_rate()
    {
        using (var progress = Of(() => 100))
        {
            var listener = progress.Listener;
            listener.Started!([Unedited, Better], new TrialRange(4, 6));
            listener.Begun!(new BegunWalk(Episode, 1, 1));
            clock.Seconds = 3;
            listener.Kept!(SomeTrial.Of("mlp@0:0.5", -9));
            listener.Worked!(new WorkDone(1_000_000_000, 2_000_000_000));
        }

        Assert.Equal("[############............] 3 of up to 6 trials, 0.3/s, 0:03, 0:09 left", new Screen(writer.ToString(), draws: 1).Lines[1]);
    }

    [Fact]
    public void A_clock_that_is_set_back_shows_no_rate()
    {
        clock.Seconds = 1000;
        using (var progress = Of(null))
        {
            var listener = progress.Listener;
            listener.Started!([], new TrialRange(4, 4));
            listener.Begun!(new BegunWalk(Episode, 1, 1));
            clock.Seconds = 10;
            listener.Kept!(Unedited);
            listener.Worked!(new WorkDone(1_000_000_000, 2_000_000_000));
        }

        Assert.StartsWith("tiny on words, 1 of 4 trials, 0.0/s, ", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_walks_it_is_said_which()
    {
        using (var progress = Of(() => 100))
        {
            var listener = progress.Listener;
            listener.Started!([], new TrialRange(8, 8));
            listener.Begun!(new BegunWalk(Episode, 3, 40));
            clock.Seconds = 2;
            listener.Worked!(new WorkDone(1_000_000_000, 2_000_000_000));
        }

        Assert.Equal("walk 3 of 40: tiny on words", new Screen(writer.ToString(), draws: 1).Lines[0]);
    }

    [Fact]
    public void Work_within_other_work_is_counted_for_itself()
    {
        using (var progress = Of(null))
        {
            var listener = progress.Listener;
            var walks = listener.Counting!("timing", "walks", 2);
            var matrices = listener.Counting("spectra", "matrices", 3);
            clock.Seconds = 3;
            for (var i = 0; i < 3; i++) matrices();
            clock.Seconds = 20;
            walks();
            clock.Seconds = 24;
            walks();
        }

        Assert.Equal("spectra 3/3 matrices, 1.0/s, 0:03\ntiming 1/2 walks, 0.1/s, 0:20, 0:20 left\ntiming 2/2 walks, 0.1/s, 0:24\n", writer.ToString());
    }

    [Fact]
    public void A_walk_goes_on_after_what_was_counted_within_it()
    {
        using (var progress = Of(() => 100))
        {
            var listener = progress.Listener;
            listener.Started!([], new TrialRange(4, 4));
            listener.Begun!(new BegunWalk(Episode, 1, 1));
            var matrices = listener.Counting!("spectra", "matrices", 1);
            listener.Counting("nothing", "matrices", 0);
            clock.Seconds = 1;
            matrices();
            clock.Seconds = 2;
            listener.Worked!(new WorkDone(1_000_000_000, 2_000_000_000));
        }

        Assert.Equal(["tiny on words", "[........................] 0 of 4 trials, 0.0/s, 0:02", "1/2 GFLOP, 0.5/s, 0:02, 0:02 left"], new Screen(writer.ToString(), draws: 2).Lines);
    }

    private string A_whole_run(Func<int>? columns)
    {
        using (var progress = Of(columns)) Tell(progress.Listener);
        return writer.ToString();
    }

    // The tale of a minute, or of six seconds.
    private void Tell(RunListener listener, double pace = 1)
    {
        listener.Started!([], new TrialRange(4, 4));
        listener.Begun!(new BegunWalk(Episode, 1, 1));
        clock.Seconds = 1 * pace;
        listener.Kept!(Unedited);
        clock.Seconds = 2 * pace;
        listener.Worked!(new WorkDone(500_000_000, 2_000_000_000));
        clock.Seconds = 4 * pace;
        listener.Kept!(Better);
        clock.Seconds = 6 * pace;
        listener.Worked!(new WorkDone(1_000_000_000, 2_000_000_000));
    }

    private RunProgress Of(Func<int>? columns) => new(new LiveLines(writer, columns, clock), episode => $"{episode.Trials.Model} on {episode.Trials.Task}", clock);

    private sealed class HandClock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => TimeSpan.FromSeconds(Seconds).Ticks;
    }

    // What a terminal shows: text, new lines, the start of the line, up, erased lines.
    private sealed class Screen
    {
        private readonly List<string> rows = [""];
        private int row, column;

        public Screen(string written, int draws = int.MaxValue)
        {
            for (var i = 0; i < written.Length; i++)
            {
                if (written[i] == '\r' && draws-- == 0) return;
                if (written[i] == '\r') column = 0;
                else if (written[i] == '\n') Down();
                else if (written[i] == '\e') i = Command(written, i + 2);
                else Put(written[i]);
            }
        }

        public string[] Lines => [.. rows.Select(text => text.TrimEnd()).Where(text => text.Length > 0)];

        private int Command(string written, int at)
        {
            var end = at;
            while (char.IsDigit(written[end])) end++;
            switch (written[end])
            {
                case 'A': row -= int.Parse(written[at..end], CultureInfo.InvariantCulture); break;
                case 'K': rows[row] = rows[row][..column]; break;
                case 'J': rows[row] = rows[row][..column]; rows.RemoveRange(row + 1, rows.Count - row - 1); break;
                default: Assert.Fail($"An unknown command {written[end]}."); break;
            }

            Assert.InRange(row, 0, rows.Count - 1);
            return end;
        }

        private void Down()
        {
            (row, column) = (row + 1, 0);
            if (row == rows.Count) rows.Add("");
        }

        private void Put(char character)
        {
            rows[row] = rows[row][..column] + character + (column < rows[row].Length ? rows[row][(column + 1)..] : "");
            column++;
        }
    }
}
