using Eckart.Models;
using Eckart.Training;
using static TorchSharp.torch;

namespace Eckart.Bench;

/// <summary>The products with weight matrices of one training step, and nothing else.</summary>
internal sealed class StepProducts : IDisposable
{
    private const int RowsAtOnce = 96;      // one text of the microworld: what training takes at once

    private readonly WorkMemory memory = new();
    private readonly Tensor weights;
    private readonly (WeightMap Map, Matrix X, Matrix Y, Matrix Gradient)[] layers;
    private readonly (WeightMap Map, Matrix X, Matrix Y, Matrix Gradient) head;

    public StepProducts(ModelSpec spec)
    {
        weights = rand(1 << 20).DetachFromDisposeScope();
        var mlp = spec.Family.Gated ? 2 * spec.MlpSize : spec.MlpSize;
        var all = (spec.Heads + (2 * spec.KeyValueHeads)) * spec.HeadSize;
        layers = [.. Enumerable.Range(0, spec.Layers).SelectMany(_ => new[] { Of(spec.Hidden, all), Of(spec.Heads * spec.HeadSize, spec.Hidden), Of(spec.Hidden, mlp), Of(spec.MlpSize, spec.Hidden) })];
        head = Of(spec.Hidden, spec.Vocabulary);
    }

    /// <summary>Forward, by the input and by the weight.</summary>
    /// <param name="rows">That go through every layer.</param>
    /// <param name="headRows">That go through the head.</param>
    public void Run(int rows, int headRows)
    {
        for (; rows > 0; rows -= RowsAtOnce)
            foreach (var product in layers) Run(product, Math.Min(rows, RowsAtOnce));
        for (; headRows > 0; headRows -= RowsAtOnce) Run(head, Math.Min(headRows, RowsAtOnce));
    }

    public void Dispose()
    {
        foreach (var (map, _, _, _) in layers.Append(head)) map.Dispose();
        memory.Dispose();
        weights.Dispose();
    }

    private void Run((WeightMap Map, Matrix X, Matrix Y, Matrix Gradient) product, int rows)
    {
        var (x, y) = (product.X.First(rows), product.Y.First(rows));
        product.Map.Forward(x, y, accumulate: false, memory);
        product.Map.AddGradient(x, y, product.Gradient, null, memory);
        product.Map.Backward(y, x, accumulate: false, memory);
    }

    private (WeightMap Map, Matrix X, Matrix Y, Matrix Gradient) Of(int inputs, int outputs)
    {
        var map = new WeightMap(new Matrix(weights, 0, outputs, inputs), null, float32);
        map.Refresh();
        return (map, memory.TakeZeros(RowsAtOnce, inputs), memory.TakeZeros(RowsAtOnce, outputs), memory.TakeZeros(outputs, inputs));
    }
}
