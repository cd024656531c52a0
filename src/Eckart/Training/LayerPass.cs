using Eckart.Engine.Kernels;
using Eckart.Models;
using Eckart.Training.Kernels;

namespace Eckart.Training;

/// <summary>One decoder layer over the rows of a batch's part, there and back. Keeps on the way what the way back needs.</summary>
internal sealed class LayerPass
{
    private readonly ModelSpec spec;
    private readonly Replica weights;
    private readonly WorkMemory memory;
    private readonly AttentionPass attention;
    private readonly int layer;
    private readonly NormPass attentionNorm;
    private readonly NormPass? mlpNorm;     // none where the residual is parallel
    private Matrix x, normal, heads, mixed, middle, inner, wide, active;

    public LayerPass(ModelSpec spec, Replica weights, WorkMemory memory, AttentionPass attention, int layer)
    {
        (this.spec, this.weights, this.memory, this.attention, this.layer) = (spec, weights, memory, attention, layer);
        attentionNorm = new NormPass(spec, weights, Part.AttentionNorm, layer);
        mlpNorm = !spec.HasMlpNorm ? null : new NormPass(spec, weights, Part.MlpNorm, layer);
    }

    private Part FirstOfMlp => spec.Family.Gated ? Part.Gate : Part.Up;

    private int WideSize => spec.Family.Gated ? 2 * spec.MlpSize : spec.MlpSize;

    private int HeadsSize => spec.Heads * spec.HeadSize;

    private int AllSize => (spec.Heads + (2 * spec.KeyValueHeads)) * spec.HeadSize;

    /// <summary>(B·T, C) to (B·T, C).</summary>
    /// <param name="input">Kept, and left as it is.</param>
    public Matrix Forward(Matrix input)
    {
        x = input;
        normal = Take(spec.Hidden);
        attentionNorm.Forward(x, normal);
        mixed = Take(HeadsSize);
        heads = attention.Forward(Forward(Part.Query, normal, Take(AllSize)), mixed);
        middle = Forward(Part.Output, mixed, Copy(x), accumulate: true);

        inner = normal;
        if (mlpNorm is not null)
        {
            inner = Take(spec.Hidden);
            mlpNorm.Forward(middle, inner);
        }

        wide = Forward(FirstOfMlp, inner, Take(WideSize));
        active = Take(spec.MlpSize);
        Activate();
        return Forward(Part.Down, active, Copy(middle), accumulate: true);
    }

    /// <summary>The way back.</summary>
    /// <param name="gradient">By the result, (B·T, C); becomes that by the input.</param>
    public void Backward(Matrix gradient)
    {
        var mark = memory.Mark();
        var byActive = Backward(Part.Down, active, gradient, Take(spec.MlpSize));
        var byWide = Take(WideSize);
        ActivateBackward(byActive, byWide);
        var byInner = Backward(FirstOfMlp, inner, byWide, Take(spec.Hidden));
        mlpNorm?.Backward(middle, byInner, gradient);

        var byMixed = Backward(Part.Output, mixed, gradient, Take(HeadsSize));
        var byAll = Take(AllSize);
        attention.Backward(heads, byMixed, byAll);
        var byNormal = Backward(Part.Query, normal, byAll, mlpNorm is null ? byInner : Take(spec.Hidden), accumulate: mlpNorm is null);
        attentionNorm.Backward(x, byNormal, gradient);
        memory.Return(mark);
    }

    private Matrix Take(int columns) => memory.Take(x.Rows, columns);

    private Matrix Copy(Matrix from)
    {
        var to = Take(from.Columns);
        from.Values.CopyTo(to.Values);
        return to;
    }

    private Matrix Forward(Part part, Matrix from, Matrix to, bool accumulate = false)
    {
        weights.Weights.Map(part, layer).Forward(from, to, accumulate, memory);
        return to;
    }

    private Matrix Backward(Part part, Matrix from, Matrix given, Matrix toFrom, bool accumulate = false)
    {
        var map = weights.Weights.Map(part, layer);
        map.AddGradient(from, given, weights.GradientOf(part, layer), map.HasBias ? weights.GradientOf(part, layer, bias: true) : null, memory);
        map.Backward(given, toFrom, accumulate, memory);
        return toFrom;
    }

    private unsafe void Activate()
    {
        var size = spec.MlpSize;
        if (spec.Family.Gated) MlpActivation.Gated(spec.Activation, wide.Start, wide.Columns, wide.Start + size, wide.Columns, active.Start, size, wide.Rows, size);
        else MlpActivation.Plain(spec.Activation, wide.Start, size, active.Start, size, wide.Rows, size);
    }

    private unsafe void ActivateBackward(Matrix given, Matrix toWide)
    {
        if (spec.Family.Gated) ActivationGradient.Gated(spec.Activation, wide.Start, given.Start, toWide.Start, wide.Rows, spec.MlpSize);
        else ActivationGradient.Plain(spec.Activation, wide.Start, given.Start, toWide.Start, (nint)wide.Rows * wide.Columns);
    }
}
