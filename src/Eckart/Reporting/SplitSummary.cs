using System.Collections.Immutable;
using Eckart.Experiments;
using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Reporting;

/// <summary>Everything that was run on one set of queries.</summary>
/// <param name="Split"><c>validation</c> or <c>test</c>.</param>
/// <param name="Trials">At least one, in the run's order.</param>
/// <param name="Majority">Accuracy of always giving the most frequent answer.</param>
public sealed record SplitSummary(string Split, ImmutableArray<TrialSummary> Trials, double Majority)
{
    /// <summary>The model as it is; null where it was not run, or not yet.</summary>
    public TrialSummary? Unedited => Trials.FirstOrDefault(one => one.IsUnedited);

    /// <summary>Queries.</summary>
    public int N => Trials[0].Trial.N;

    /// <summary>Edits that were compared with the unedited model.</summary>
    public int Compared => Trials.Count(one => one.Comparison is not null);

    /// <summary>The edit that is right most often; of equal ones the first. Null where nothing was edited.</summary>
    public TrialSummary? Best => Trials.Where(one => !one.IsUnedited).MaxBy(one => one.Trial.Correct);

    /// <summary>Modules and matrices of which single ones were truncated.</summary>
    public ImmutableArray<Module> Modules => [.. Trials.Select(one => one.Truncation?.Module).OfType<Module>().Distinct().OrderBy(module => Module.Known.IndexOf(module))];

    /// <summary>What correcting the unedited model's labels gives on these queries; null where it was not run on validation too, or choices vary in number.</summary>
    public LabelControls? Controls { get; init; }

    /// <summary>Compares trials on the same queries.</summary>
    /// <param name="trials">At least one.</param>
    /// <param name="alpha">Level of the intervals is one minus this.</param>
    public static SplitSummary Of(IReadOnlyList<Trial> trials, double alpha)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var unedited = trials.FirstOrDefault(trial => trial.Intervention == TrialSummary.Unedited);
        var before = unedited?.Predictions();
        var comparisons = trials.Select(trial => before is null || trial == unedited ? null : PairedComparison.Of(trial.Gold, before, trial.Predictions())).ToArray();
        var corrected = new Queue<double>(Holm.Adjust([.. comparisons.OfType<PairedComparison>().Select(one => one.PValue)]));
        return new SplitSummary(
            trials[0].Split,
            [.. trials.Zip(comparisons, (trial, compared) => new TrialSummary(trial, EditOf(trial), new Proportion(trial.Correct, trial.N).WilsonInterval(alpha), compared, compared is null ? null : corrected.Dequeue()))],
            MajorityRate.Of(trials[0].Gold));
    }

    private static Edit? EditOf(Trial trial) => Intervention.Parse(trial.Intervention).Edits is [var only] ? only : null;
}
