using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Statistics;
using Eckart.Tasks;

namespace Eckart.Search;

/// <summary>The paper's Algorithm 1 from the layer on: the rate that does best on validation, tested once.</summary>
/// <remarks>Source: the paper, Section 3.4 and Appendix C.2. Deviation: the comparison is paired, and the unedited model with its labels corrected stands beside it.</remarks>
public sealed class Algorithm1(TrialRunner runner, ModelSpec spec, Metric metric, SearchSettings settings)
{
    /// <summary>Interventions that the search tries, rate 0 first, then layer by layer with rates ascending.</summary>
    /// <exception cref="Formats.InputException">A layer or matrix that the model lacks.</exception>
    public IReadOnlyList<Intervention> Plan() => [.. Tries().Select(one => one.Intervention)];

    /// <summary>Searches.</summary>
    /// <param name="validation">What the choice may look at.</param>
    /// <param name="test">What it may not.</param>
    /// <param name="progress">Called now and then, from any thread; may be null.</param>
    /// <param name="cancellation">Checked often.</param>
    /// <exception cref="Formats.InputException">A layer or matrix that the model lacks, a score that is not finite, or a journal that cannot be written.</exception>
    public SearchResult Run(QuerySet validation, QuerySet test, Action<WorkDone>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(test);
        var tries = Tries().ToArray();      // a layer that is refused is refused before anything runs
        var onValidation = tries.Select(one => new TrialRequest(validation, one.Intervention));
        var onTest = tries.Select(one => new TrialRequest(test, one.Intervention)).ToArray();      // the unedited model first

        // One of the tries will be tested, so the test's prompts are read with the others, and kept where the tries begin.
        var trials = runner.Run([.. onValidation, onTest[0]], onTest, progress, cancellation);
        Candidate[] tried = [.. tries.Zip(trials, (one, trial) => new Candidate(one.Rate, one.Layer, one.Intervention, trial))];
        var (chosen, before) = (Best(tried), trials[^1]);
        var pointed = settings.Pointed is { } layer ? Best([.. tried.Where(one => one.Layer is null || one.Layer == layer)]) : null;
        Candidate[] edited = [.. new[] { chosen, pointed }.OfType<Candidate>().Where(one => !one.Intervention.IsNone).Distinct()];
        var tested = edited.Length == 0 ? [] : runner.Run([.. edited.Select(one => new TrialRequest(test, one.Intervention))], [], progress, cancellation);
        var after = OnTest(chosen);

        var comparison = PairedComparison.Of(test.Gold, before.Predictions(), after.Predictions());
        var controls = LabelControls.Fit(validation.Gold, tried[0].Trial.Scores, before.Scores);
        var beyond = controls.Beyond(test.Gold, after.Predictions(), settings.Alpha);
        return new SearchResult(
            tried, chosen, before, after, MajorityRate.Of(test.Gold), comparison, controls, beyond,
            Verdict.Of(!chosen.Intervention.IsNone, comparison, settings.Alpha, beyond))
        {
            Pointed = pointed is null ? null : new PointedResult(pointed, OnTest(pointed), PairedComparison.Of(test.Gold, before.Predictions(), OnTest(pointed).Predictions())),
        };

        Trial OnTest(Candidate one) => one.Intervention.IsNone ? before : tested[Array.IndexOf(edited, one)];
    }

    // Strict improvement wins: of equal candidates the smaller rate, then the deeper layer.
    private Candidate Best(Candidate[] tried) => tried
        .OrderByDescending(one => metric == Metric.MacroF1 ? one.Trial.MacroF1 : one.Trial.Accuracy)
        .ThenBy(one => one.Rate)
        .ThenByDescending(one => one.Layer)
        .First();

    private IEnumerable<(ClippingRate Rate, int? Layer, Intervention Intervention)> Tries() =>
        new (ClippingRate, int?, Intervention)[] { (default, null, Intervention.None) }.Concat(
            from layer in settings.Layers
            from rate in settings.Rates
            where !rate.IsZero
            select (rate, (int?)layer, new Intervention(new Truncation(settings.Module, layer, rate)).Resolve(spec)));
}
