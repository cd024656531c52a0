using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>The parameters of a model as matrices, over memory that is the caller's: what all workers share.</summary>
internal sealed class ModelWeights : IDisposable
{
    private readonly Dictionary<(Part Part, int Layer, bool Bias), Matrix> matrices;
    private readonly Dictionary<(Part Part, int Layer), WeightMap> maps = [];

    /// <param name="layout">What lies where.</param>
    /// <param name="values">All parameters, flat; still the caller's, and must outlive this.</param>
    /// <param name="products">Type of the products with weights.</param>
    public ModelWeights(ParameterLayout layout, Tensor values, ScalarType products)
    {
        (Layout, Values, matrices) = (layout, values, layout.MatricesIn(values));
        foreach (var slot in layout.Slots.Where(slot => slot.IsMatrix && matrices.ContainsKey((slot.Part, slot.Layer, false))))
        {
            var bias = matrices.TryGetValue((slot.Part, slot.Layer, true), out var found) ? found : (Matrix?)null;
            maps.Add((slot.Part, slot.Layer), new WeightMap(Matrix(slot.Part, slot.Layer), bias, products));
        }

        Refresh();
    }

    /// <summary>What lies where.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>All parameters, flat.</summary>
    public Tensor Values { get; }

    /// <summary>The matrices of a stack as one map of rows.</summary>
    public WeightMap Map(Part first, int layer = 0) => maps[(first, layer)];

    /// <summary>A stack's weights or biases; a vector is one row.</summary>
    public Matrix Matrix(Part first, int layer = 0, bool bias = false) => matrices[(first, layer, bias)];

    /// <summary>To be called after the values changed: packed copies are made anew.</summary>
    public void Refresh()
    {
        foreach (var map in maps.Values) map.Refresh();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var map in maps.Values) map.Dispose();
    }
}
