using Eckart.Models;

namespace Eckart.Training;

/// <summary>All layers and the final norm over a part of a batch, there and back.</summary>
internal sealed class DecoderPass
{
    private readonly ModelSpec spec;
    private readonly WorkMemory memory;
    private readonly LayerPass[] layers;
    private readonly NormPass finalNorm;
    private Matrix last;

    /// <param name="spec">Of the model.</param>
    /// <param name="weights">The parameters, and the gradient that the way back adds to.</param>
    /// <param name="memory">For what is kept on the way; nothing may clear it before the way back is done.</param>
    /// <param name="attention">Of sequences as long as these.</param>
    public DecoderPass(ModelSpec spec, Replica weights, WorkMemory memory, AttentionPass attention)
    {
        (this.spec, this.memory) = (spec, memory);
        layers = [.. Enumerable.Range(0, spec.Layers).Select(layer => new LayerPass(spec, weights, memory, attention, layer))];
        finalNorm = new NormPass(spec, weights, Part.FinalNorm);
    }

    /// <summary>Hidden states after the final norm.</summary>
    /// <param name="x">(B·T, C), of the pass's memory.</param>
    /// <returns>(B·T, C), of the pass's memory.</returns>
    public Matrix Forward(Matrix x)
    {
        last = x;
        foreach (var layer in layers) last = layer.Forward(last);
        var states = memory.Take(x.Rows, spec.Hidden);
        finalNorm.Forward(last, states);
        return states;
    }

    /// <summary>The way back; adds to the gradients of all parameters on it.</summary>
    /// <param name="given">By the states, (B·T, C).</param>
    /// <returns>By x, (B·T, C), of the pass's memory.</returns>
    public Matrix Backward(Matrix given)
    {
        var gradient = memory.TakeZeros(given.Rows, given.Columns);
        finalNorm.Backward(last, given, gradient);
        foreach (var layer in layers.Reverse()) layer.Backward(gradient);
        return gradient;
    }
}
