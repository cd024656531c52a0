using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Search;

/// <summary>The paper's Algorithm 1 from the layer on: the rate that does best on validation, tested once.</summary>
/// <remarks>Source: the paper, Section 3.4 and Appendix C.2. Deviation: the comparison is paired, and the unedited model with its labels corrected stands beside it.</remarks>
public sealed class Algorithm1(TrialRunner runner, ModelSpec spec, Metric metric, SearchSettings settings)
{
    /// <summary>Interventions that the search tries, rate 0 first, then layer by layer with rates ascending.</summary>
    /// <param name="spec">Of the model.</param>
    /// <param name="settings">Module, layers and rates.</param>
    /// <exception cref="Formats.InputException">A layer or matrix that the model lacks.</exception>
    public static IReadOnlyList<Intervention> Plan(ModelSpec spec, SearchSettings settings) => [.. Tries(spec, settings).Select(one => one.Intervention)];

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
        var tries = Tries(spec, settings).ToArray();      // a layer that is refused is refused before anything runs
        var onValidation = tries.Select(one => new TrialRequest(validation, one.Intervention));
        var later = tries.Select(one => new TrialRequest(test, one.Intervention)).ToArray();      // the unedited model first

        // One of the tries will be tested, so the test's prompts are read with the others, and kept where the tries begin.
        var trials = runner.Run([.. onValidation, later[0]], later, progress, cancellation);
        var choice = SearchChoice.Of([.. tries.Zip(trials, (one, trial) => new Candidate(one.Rate, one.Layer, one.Intervention, trial))], metric, settings.Pointed);
        var edited = choice.Tested;
        var tested = edited.Count == 0 ? [] : runner.Run([.. edited.Select(one => new TrialRequest(test, one))], [], progress, cancellation);
        var onTest = edited.Zip(tested).ToDictionary(pair => pair.First, pair => pair.Second);
        onTest[Intervention.None] = trials[^1];
        return SearchResult.Of(choice, onTest.GetValueOrDefault, settings.Alpha)!;      // all that it takes was run
    }

    private static IEnumerable<(ClippingRate Rate, int? Layer, Intervention Intervention)> Tries(ModelSpec spec, SearchSettings settings) =>
        new (ClippingRate, int?, Intervention)[] { (default, null, Intervention.None) }.Concat(
            from layer in settings.Layers
            from rate in settings.Rates
            where !rate.IsZero
            select (rate, (int?)layer, new Intervention(new Truncation(settings.Module, layer, rate)).Resolve(spec)));
}
