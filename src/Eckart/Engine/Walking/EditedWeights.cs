using Eckart.Engine.Arithmetic;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Engine.Walking;

/// <summary>The truncated matrices of one layer, for all branches that are in it.</summary>
internal sealed class EditedWeights : IDisposable
{
    private readonly Dictionary<(Projection Projection, ClippingRate Rate, bool Beside), TruncatedWeight> weights = [];

    /// <summary>Makes them.</summary>
    /// <param name="edits">Of the branches.</param>
    /// <param name="terms">Factors; those that are missing are made.</param>
    /// <param name="layer">The stored weights.</param>
    /// <param name="workers">Matrices at once.</param>
    public static EditedWeights Of(IEnumerable<LayerEdit> edits, FactorStore terms, DecoderLayer layer, int workers)
    {
        var made = new EditedWeights();
        var wanted = edits.SelectMany(edit => edit.Rates.Select(one => KeyOf(edit, one.Projection, one.Rate)).Select(key => (edit.Layer, Key: key))).Distinct().ToArray();
        try
        {
            terms.Prepare([.. wanted.Select(one => (new WeightSite(one.Layer, one.Key.Projection), one.Key.Rate))], layer);
            var found = new TruncatedWeight[wanted.Length];
            Workers.Run(wanted.Length, workers, i =>
            {
                var (layerIndex, key) = wanted[i];
                var factors = terms.Of(new WeightSite(layerIndex, key.Projection), key.Rate);
                found[i] = TruncatedWeight.Of(factors, key.Rate.KeptRank(factors.Outputs, factors.Inputs), key.Beside);
            });
            foreach (var (one, weight) in wanted.Zip(found)) made.weights[one.Key] = weight;
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>What a branch multiplies by instead of a stored matrix; null where it does not edit that.</summary>
    public TruncatedWeight? Of(LayerEdit? edit, Projection projection) =>
        edit?.RateOf(projection) is { } rate ? weights[KeyOf(edit, projection, rate)] : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in weights.Values) weight.Dispose();
        weights.Clear();
    }

    private static (Projection Projection, ClippingRate Rate, bool Beside) KeyOf(LayerEdit edit, Projection projection, ClippingRate rate) => (projection, rate, edit.IsBeside(projection));
}
