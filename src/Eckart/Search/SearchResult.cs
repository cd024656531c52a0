using Eckart.Experiments;
using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Search;

/// <summary>What Algorithm 1 found, and what it is worth.</summary>
/// <param name="Validation">Everything tried, the unedited model first.</param>
/// <param name="Chosen">The one that validation prefers.</param>
/// <param name="Before">The unedited model on the test items.</param>
/// <param name="After">The chosen one on the test items; the same trial where nothing was edited.</param>
/// <param name="Majority">Share of the test items' most frequent answer.</param>
/// <param name="Comparison">Before against after, item by item.</param>
/// <param name="Controls">What correcting the unedited model's labels gives on the test items.</param>
/// <param name="BeyondControl">Bootstrap interval of after's accuracy less the better control's.</param>
/// <param name="Verdict">All that in words.</param>
public sealed record SearchResult(
    IReadOnlyList<Candidate> Validation,
    Candidate Chosen,
    Trial Before,
    Trial After,
    double Majority,
    PairedComparison Comparison,
    LabelControls Controls,
    Interval BeyondControl,
    string Verdict)
{
    /// <summary>The best of the layer that the condition number points to, where all layers were tried; null where nothing stands beside the choice.</summary>
    public PointedResult? Pointed { get; init; }

    /// <summary>Judges a choice by its tests.</summary>
    /// <param name="choice">Made on validation.</param>
    /// <param name="onTest">The trial of an intervention on the test items; null where it was not run.</param>
    /// <param name="alpha">Level of every interval and verdict, in (0, 1).</param>
    /// <returns>Null where the unedited model or the choice was not tested.</returns>
    /// <exception cref="ArgumentException">Queries with other numbers of choices.</exception>
    public static SearchResult? Of(SearchChoice choice, Func<Intervention, Trial?> onTest, double alpha)
    {
        ArgumentNullException.ThrowIfNull(choice);
        ArgumentNullException.ThrowIfNull(onTest);
        var (chosen, pointed) = (choice.Chosen, choice.Pointed);
        if (onTest(Intervention.None) is not { } before || onTest(chosen.Intervention) is not { } after) return null;

        var unedited = choice.Tried[0].Trial;
        var comparison = PairedComparison.Of(before.Gold, before.Predictions(), after.Predictions());
        var controls = LabelControls.Fit(unedited.Gold, unedited.Scores, before.Scores);
        var beyond = controls.Beyond(before.Gold, after.Predictions(), alpha);
        return new SearchResult(
            choice.Tried, chosen, before, after, MajorityRate.Of(before.Gold), comparison, controls, beyond,
            Statistics.Verdict.Of(!chosen.Intervention.IsNone, comparison, alpha, beyond))
        {
            Pointed = pointed is not null && onTest(pointed.Intervention) is { } beside
                ? new PointedResult(pointed, beside, PairedComparison.Of(before.Gold, before.Predictions(), beside.Predictions()))
                : null,
        };
    }
}

/// <summary>What the layer that the condition number points to gives by itself.</summary>
/// <param name="Chosen">Its best on validation; the unedited model where none of its rates is better.</param>
/// <param name="After">That one on the test items.</param>
/// <param name="Comparison">The unedited model against it, item by item.</param>
public sealed record PointedResult(Candidate Chosen, Trial After, PairedComparison Comparison);
