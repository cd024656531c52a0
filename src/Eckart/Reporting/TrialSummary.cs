using Eckart.Experiments;
using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Reporting;

/// <summary>A trial beside the unedited model on the same queries.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Edit">Its one edit; null for the unedited model and where there are several.</param>
/// <param name="Interval">Wilson's, of the accuracy.</param>
/// <param name="Comparison">The unedited model against it; null for the unedited model and where that was not run.</param>
/// <param name="Corrected">The comparison's p-value after Holm's correction for everything that was compared on these queries; null where there is none.</param>
public sealed record TrialSummary(Trial Trial, Edit? Edit, Interval Interval, PairedComparison? Comparison, double? Corrected)
{
    /// <summary>Notation of the model as it is.</summary>
    internal static readonly string Unedited = Intervention.None.ToString();

    /// <summary>Whether this is the model as it is.</summary>
    public bool IsUnedited => Trial.Intervention == Unedited;

    /// <summary>The truncation that it is; null where it is anything else.</summary>
    public Truncation? Truncation => Edit as Truncation;

    /// <summary>Its accuracy as a count of a count.</summary>
    public Proportion Proportion => new(Trial.Correct, Trial.N);
}
