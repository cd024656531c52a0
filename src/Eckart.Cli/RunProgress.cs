using System.CommandLine;
using Eckart.Experiments.Plans;

namespace Eckart.Cli;

/// <summary>Shows how far a run of a plan is: its walk, the trials that are done, their rate, the time left, and the best so far.</summary>
/// <param name="lines">Where it is shown.</param>
/// <param name="name">Of an episode's walk.</param>
/// <param name="clock">Tells the rate.</param>
internal sealed class RunProgress(LiveLines lines, Func<PlannedEpisode, string> name, TimeProvider clock) : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<WorkInHand> pieces = [];      // each begun within the one before it
    private WorkInHand? walk;
    private TrialsDone? trials;

    /// <summary>Shows a run on the messages of a command line.</summary>
    /// <param name="args">For <c>--quiet</c> and the writer of messages.</param>
    /// <param name="name">Of an episode's walk.</param>
    public RunProgress(ParseResult args, Func<PlannedEpisode, string> name)
        : this(new LiveLines(args.GetValue(CommonOptions.Quiet) ? null : args.InvocationConfiguration.Error, Terminal.Columns(args.InvocationConfiguration.Error), TimeProvider.System), name, TimeProvider.System)
    {
    }

    /// <summary>To be told of the run.</summary>
    public RunListener Listener => new()
    {
        Started = (found, planned) => Change(() => trials = new TrialsDone(found, planned, clock)),
        Kept = line => Change(() => trials?.Add(line)),
        Begun = begun => Change(() => Begin(new WorkInHand($"{(begun.Of > 1 ? FormattableString.Invariant($"walk {begun.Number} of {begun.Of}: ") : "")}{name(begun.Episode)}", "GFLOP", 0, clock))),
        Worked = done => Change(() => (walk ??= new WorkInHand("walk", "GFLOP", 0, clock)).Report(done.Operations / 1e9, done.Planned / 1e9)),
        Counting = Count,
    };

    // The innermost that is going on.
    private WorkInHand? Shown => pieces.Count > 0 ? pieces[^1] : walk;

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate) End();
    }

    private void Begin(WorkInHand next)
    {
        End();
        walk = next;
    }

    private Action Count(string what, string unit, long count)
    {
        var piece = new WorkInHand(what, unit, count, clock);
        if (!piece.Over) Change(() => pieces.Add(piece));
        return () => Change(() => Advance(piece));
    }

    private void Advance(WorkInHand piece)
    {
        piece.Advance();
        if (!piece.Over || !pieces.Contains(piece)) return;
        lines.End(Lines(piece));
        pieces.Remove(piece);
    }

    private void End()
    {
        if (Shown is { } shown) lines.End(shown.Any ? Lines(shown) : []);
        pieces.Clear();
        walk = null;
    }

    private void Change(Action change)
    {
        lock (gate)
        {
            change();
            if (Shown is { Any: true } shown) lines.Show(() => Lines(shown));
        }
    }

    private IReadOnlyList<string> Lines(WorkInHand work) => trials is null ? [work.ToString(lines.Live)] : [work.Name, trials.ToString(lines.Live), work.Amounts(bar: false), .. trials.Best is { } best ? [best] : Array.Empty<string>()];
}
