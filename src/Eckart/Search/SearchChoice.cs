using Eckart.Experiments;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Search;

/// <summary>What a search picks from what it tried: from a run that is going on, or from its journal afterwards.</summary>
/// <param name="Tried">Everything tried on validation, the unedited model first.</param>
/// <param name="Chosen">The best of all.</param>
/// <param name="Pointed">The best of the layer that the condition number points to; null where nothing is to stand beside the choice.</param>
public sealed record SearchChoice(IReadOnlyList<Candidate> Tried, Candidate Chosen, Candidate? Pointed)
{
    /// <summary>Edits that are to be tested beside the unedited model, each once.</summary>
    public IReadOnlyList<Intervention> Tested => [.. new[] { Chosen, Pointed }.OfType<Candidate>().Where(one => !one.Intervention.IsNone).Select(one => one.Intervention).Distinct()];

    /// <summary>Picks.</summary>
    /// <param name="tried">At least the unedited model, first.</param>
    /// <param name="metric">What decides.</param>
    /// <param name="pointed">Layer whose own best is to stand beside the choice; null for none.</param>
    public static SearchChoice Of(IReadOnlyList<Candidate> tried, Metric metric, int? pointed)
    {
        ArgumentNullException.ThrowIfNull(tried);
        return new SearchChoice(tried, Best(tried, metric), pointed is { } layer ? Best(tried.Where(one => one.Layer is null || one.Layer == layer), metric) : null);
    }

    /// <summary>What a search over one module tried, from the trials of its episode; null where the unedited model was not run on validation.</summary>
    /// <param name="trials">Of one episode and on the same validation rows, in any order; those of single truncations on validation are taken.</param>
    /// <param name="tries">Whether a truncation is one that the search tries.</param>
    public static IReadOnlyList<Candidate>? TriedIn(IEnumerable<Trial> trials, Func<Truncation, bool> tries)
    {
        ArgumentNullException.ThrowIfNull(tries);
        var candidates = trials.Where(trial => trial.Split == "validation").Select(Candidate.Of).OfType<Candidate>()
            .Where(one => one.Intervention.IsNone || tries((Truncation)one.Intervention.Edits[0]))
            .OrderBy(one => one.Layer ?? -1).ThenBy(one => one.Rate).ToArray();
        return candidates is [{ Intervention.IsNone: true }, ..] ? candidates : null;
    }

    // Strict improvement wins: of equal candidates the smaller rate, then the deeper layer.
    private static Candidate Best(IEnumerable<Candidate> tried, Metric metric) => tried
        .OrderByDescending(one => metric == Metric.MacroF1 ? one.Trial.MacroF1 : one.Trial.Accuracy)
        .ThenBy(one => one.Rate)
        .ThenByDescending(one => one.Layer)
        .First();
}
