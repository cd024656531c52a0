using System.Globalization;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Pruning;

namespace Eckart.Cli;

/// <summary>How many trials of a run are done, how fast, and which is the best so far where the last one was made.</summary>
internal sealed class TrialsDone
{
    private readonly TrialRange planned;
    private readonly TimeProvider clock;
    private readonly long started;
    private readonly int found;
    private readonly Dictionary<TrialKey, (Trial? Best, Trial? Unedited)> places = [];
    private int done;
    private TrialKey? last;

    /// <param name="found">Lines that were there before.</param>
    /// <param name="planned">How many there will be.</param>
    /// <param name="clock">Tells the rate.</param>
    public TrialsDone(IReadOnlyList<IJournalLine> found, TrialRange planned, TimeProvider clock)
    {
        (this.planned, this.clock, started, this.found) = (planned, clock, clock.GetTimestamp(), found.Count);
        foreach (var line in found) Add(line);
    }

    /// <summary><c>best mlp@2:0.75 0.9912, unedited 0.8815 (validation)</c>; null where no trial is done.</summary>
    public string? Best => last is not null && places[last] is { Best: { } best } place
        ? string.Create(CultureInfo.InvariantCulture, $"best {best.Intervention} {best.Accuracy:0.0000}{(place.Unedited is { } unedited && unedited != best ? FormattableString.Invariant($", unedited {unedited.Accuracy:0.0000}") : "")} ({best.Split})")
        : null;

    /// <summary>Another one.</summary>
    public void Add(IJournalLine line)
    {
        done++;
        if (line is not Trial trial) return;
        last = trial.Key with { Intervention = "" };
        var (best, unedited) = places.GetValueOrDefault(last);
        if (trial.Intervention == Intervention.None.ToString()) unedited = trial;
        places[last] = (best is null || trial.Accuracy > best.Accuracy ? trial : best, unedited);
    }

    /// <summary><c>34 of 110 trials, 2.3/s, 0:14, 0:33 left</c>: the rate and the times are of this process.</summary>
    /// <param name="bar">Whether a bar is drawn.</param>
    public string ToString(bool bar) =>
        $"{(bar ? $"{WorkInHand.Bar(done, planned.Most)} " : "")}{done} of {(planned.Least == planned.Most ? "" : "up to ")}{planned.Most} {(planned.Most == 1 ? "trial" : "trials")}{WorkInHand.Pace(done - found, planned.Most - done, clock.GetElapsedTime(started))}";
}
