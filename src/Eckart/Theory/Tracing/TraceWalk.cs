using System.Collections.Immutable;
using Eckart.Models;
using Eckart.Pruning;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>A trace on its way through the layers: the chain of Theorem 1 so far, and what the MLPs have added to the query's residual.</summary>
internal sealed class TraceWalk : IDisposable
{
    private readonly CausalLm model;
    private readonly TracedPrompt prompt;
    private readonly LinearForm form;
    private readonly (Tensor Cos, Tensor Sin) angles;
    private readonly Tensor product;            // (C, C): I + W_t
    private readonly double[] mlps;             // (C)
    private double[]? start;                    // (C): h⁰ at the query
    private readonly ImmutableArray<LayerTrace>.Builder layers = ImmutableArray.CreateBuilder<LayerTrace>();

    /// <param name="model">With the weights in use; still the caller's.</param>
    /// <param name="prompt">With demonstrations.</param>
    /// <param name="form">What stands in for the softmax.</param>
    public TraceWalk(CausalLm model, TracedPrompt prompt, LinearForm form)
    {
        (this.model, this.prompt, this.form) = (model, prompt, form);
        var (cos, sin) = model.Rotary.Angles(prompt.Ids.Length, model.Compute);
        angles = (cos.DetachFromDisposeScope(), sin.DetachFromDisposeScope());
        product = eye(model.Spec.Hidden, dtype: float64).DetachFromDisposeScope();
        mlps = new double[model.Spec.Hidden];
    }

    /// <summary>What was found, once every layer was added.</summary>
    public ImmutableArray<LayerTrace> Finished() => layers.ToImmutable();

    /// <summary>Measures the next layer.</summary>
    /// <param name="number">From 0, in order.</param>
    /// <param name="x">(T, C): its input; still the caller's.</param>
    public void Add(int number, Tensor x)
    {
        using var scope = NewDisposeScope();
        start ??= LayerStates.LastRow(x);
        var layer = model.Layers[number];
        if (layer.Dropped)
        {
            layers.Add(LeftOut(number, LayerStates.LastRow(x)));
            return;
        }

        var attention = QueryAttention.Of(model, layer, x, angles);
        var gradient = LayerGradient.Of(layer, attention, (prompt.Leading, prompt.DemonstrationTokens), form);
        var states = LayerStates.Of(layer, x, angles);
        for (var i = 0; i < mlps.Length; i++) mlps[i] += states.Output[i] - states.Attended[i];
        var (norm, rank, gradientNorm) = Extend(gradient, attention.Norm);
        layers.Add(Measured(number, new LayerParts(attention, gradient, prompt), states.Output) with { UpdateNorm = norm, EffectiveRank = rank, GradientNorm = gradientNorm });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        angles.Cos.Dispose();
        angles.Sin.Dispose();
        product.Dispose();
    }

    // G_t = ΔW_t N_t (I + W_{t−1}), and I + W_t = I + W_{t−1} + G_t.
    private (double Norm, double EffectiveRank, double GradientNorm) Extend(LayerGradient gradient, FrozenNorm norm)
    {
        using var scope = NewDisposeScope();
        var inner = gradient.Inner();
        var update = gradient.Output.mm(inner);
        var spectrum = SingularValues.FromGram(update);
        var step = gradient.Output.mm(norm.After(inner).mm(product));
        product.Plus(step);
        return (Length(update), spectrum[0] == 0 ? 0 : SpectralSummary.EffectiveRankOf(spectrum), Length(step));
    }

    private LayerTrace Measured(int number, LayerParts parts, double[] output)
    {
        var whole = parts.Whole();
        return Behind(number, output) with
        {
            Attention = parts.Attention(),
            OutputShare = whole.Share,
            LinearError = whole.Linear.Error,
            LinearCosine = whole.Linear.Cosine,
            Heads = parts.Heads(),
        };
    }

    private LayerTrace LeftOut(int number, double[] output) => Behind(number, output) with { Attention = double.NaN, OutputShare = double.NaN, LinearError = double.NaN, LinearCosine = double.NaN };

    // Of the chain alone.
    private LayerTrace Behind(int number, double[] output)
    {
        using var scope = NewDisposeScope();
        var chained = TensorMemory.ValuesOf<double>(product.mv(tensor(start!)));
        return new LayerTrace(number, 0, 0, 0, Length(product), SingularValues.FromGram(product)[0], 0, 0, 0, 0, Length(mlps) / Length(output), Alignment.Of(chained, output).Error, []);
    }

    private static double Length(double[] vector) => Math.Sqrt(vector.Sum(value => value * value));

    private static double Length(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.mul(tensor).sum().sqrt().item<double>();
    }
}
