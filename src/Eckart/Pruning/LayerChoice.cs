using System.Collections.Immutable;

namespace Eckart.Pruning;

/// <summary>Algorithm 1's choice of a layer, with the numbers that decided.</summary>
/// <param name="Module">The module to be truncated.</param>
/// <param name="Indicator">What ranks layers.</param>
/// <param name="Aggregate">How a layer's matrices become one number.</param>
/// <param name="ByLayer">That number, by layer; infinite where a matrix is singular.</param>
/// <param name="Top">The layers with the largest, largest first, of equal ones the deeper first.</param>
/// <param name="Layer">The deepest of these.</param>
public sealed record LayerChoice(Module Module, Indicator Indicator, Aggregate Aggregate, ImmutableArray<double> ByLayer, ImmutableArray<int> Top, int Layer)
{
    /// <summary>How many layers are looked at unless told otherwise.</summary>
    public const int DefaultTop = 3;

    /// <summary>Chooses the deepest of the <paramref name="top"/> layers with the largest indicator.</summary>
    /// <param name="spectra">Every matrix of the module in every layer, in any order; others are passed over.</param>
    /// <param name="module">The module to be truncated.</param>
    /// <param name="indicator">What ranks layers.</param>
    /// <param name="aggregate">How a layer's matrices become one number.</param>
    /// <param name="top">Layers looked at, at least one: bounded to a third of all, but never to none.</param>
    /// <exception cref="ArgumentOutOfRangeException">No layer is to be looked at.</exception>
    /// <remarks>Source: the paper, Algorithm 1. Deviation: "the first layer that both satisfies top-k and is the deepest" is taken to mean the deepest of the top k.</remarks>
    public static LayerChoice Of(IEnumerable<MatrixSpectrum> spectra, Module module, Indicator indicator, Aggregate aggregate, int top)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        ImmutableArray<double> byLayer = [.. spectra
            .Where(spectrum => module.Projections.Contains(spectrum.Site.Projection))
            .GroupBy(spectrum => spectrum.Site.Layer)
            .OrderBy(layer => layer.Key)
            .Select(layer => Combine([.. layer.Select(spectrum => Value(spectrum.Measures, indicator)).Order()], aggregate))];
        var count = Math.Min(top, Math.Max(1, byLayer.Length / 3));
        ImmutableArray<int> ranked = [.. Enumerable.Range(0, byLayer.Length).OrderByDescending(layer => byLayer[layer]).ThenByDescending(layer => layer).Take(count)];
        return new LayerChoice(module, indicator, aggregate, byLayer, ranked, ranked.Max());
    }

    private static double Value(SpectralSummary measures, Indicator indicator) => indicator switch
    {
        Indicator.Condition => measures.Condition ?? double.PositiveInfinity,
        Indicator.Largest => measures.Largest,
        Indicator.StableRank => -measures.StableRank,
        Indicator.EffectiveRank => -measures.EffectiveRank,
        _ => throw new ArgumentOutOfRangeException(nameof(indicator), indicator, "Not an indicator."),
    };

    private static double Combine(double[] ascending, Aggregate aggregate) => aggregate switch
    {
        Aggregate.Max => ascending[^1],
        Aggregate.Mean => ascending.Average(),
        Aggregate.Median => (ascending[(ascending.Length - 1) / 2] + ascending[ascending.Length / 2]) / 2,
        // Of indicators that are negative the geometric mean of the sizes, negative again.
        Aggregate.Geometric => Math.Sign(ascending[^1]) * Math.Exp(ascending.Average(value => Math.Log(Math.Abs(value)))),
        _ => throw new ArgumentOutOfRangeException(nameof(aggregate), aggregate, "Not an aggregate."),
    };
}
