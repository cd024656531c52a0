namespace Eckart.Pruning;

/// <summary>How Algorithm 1 ranks layers.</summary>
/// <param name="Top">Layers looked at, of which the deepest is taken; at least one.</param>
/// <param name="Aggregate">How a layer's matrices become one number.</param>
/// <param name="Indicator">What that number is.</param>
public sealed record LayerRanking(int Top = LayerChoice.DefaultTop, Aggregate Aggregate = Aggregate.Max, Indicator Indicator = Indicator.Condition)
{
    /// <summary>The choice among spectra.</summary>
    /// <param name="spectra">Every matrix of the module in every layer.</param>
    /// <param name="module">To be truncated.</param>
    public LayerChoice Choose(IEnumerable<MatrixSpectrum> spectra, Module module) => LayerChoice.Of(spectra, module, Indicator, Aggregate, Top);
}
