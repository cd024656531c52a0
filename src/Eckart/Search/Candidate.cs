using Eckart.Experiments;
using Eckart.Pruning;

namespace Eckart.Search;

/// <summary>An intervention that was tried on validation.</summary>
/// <param name="Rate">Its clipping rate; 0 for the unedited model.</param>
/// <param name="Layer">Its layer; null for the unedited model.</param>
/// <param name="Intervention">Resolved for the model.</param>
/// <param name="Trial">What came of it.</param>
public sealed record Candidate(ClippingRate Rate, int? Layer, Intervention Intervention, Trial Trial)
{
    /// <summary>The candidate that a trial is of; null where it is of something that no search tries.</summary>
    public static Candidate? Of(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var intervention = Intervention.Parse(trial.Intervention);
        return intervention switch
        {
            { IsNone: true } => new Candidate(default, null, intervention, trial),
            { Edits: [Truncation only] } => new Candidate(only.Rate, only.Layer, intervention, trial),
            _ => null,
        };
    }
}
