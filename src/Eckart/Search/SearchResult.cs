using Eckart.Experiments;
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
    string Verdict);
