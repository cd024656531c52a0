using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>A trace on its way through the layers: the chain of Theorem 1 so far, and what the MLPs have added to the query's residual.</summary>
internal sealed class TraceWalk : IDisposable
{
    private readonly CausalLm model;
    private readonly TracedPrompt prompt;
    private readonly LinearForm form;
    private readonly (Tensor Cos, Tensor Sin) angles;
    private readonly ResidualChain chain;
    private readonly double[] mlps;             // (C)
    private readonly ImmutableArray<LayerTrace>.Builder layers = ImmutableArray.CreateBuilder<LayerTrace>();
    private double[]? start;                    // (C): h⁰ at the query

    /// <param name="model">With the weights in use; still the caller's.</param>
    /// <param name="prompt">With demonstrations.</param>
    /// <param name="form">What stands in for the softmax.</param>
    /// <param name="ranks">Whether effective ranks of layers are wanted.</param>
    public TraceWalk(CausalLm model, TracedPrompt prompt, LinearForm form, bool ranks)
    {
        (this.model, this.prompt, this.form) = (model, prompt, form);
        var (cos, sin) = model.Rotary.Angles(prompt.Ids.Length, model.Compute);
        angles = (cos.DetachFromDisposeScope(), sin.DetachFromDisposeScope());
        chain = new ResidualChain(model.Spec.Hidden, model.Compute.Workers, ranks);
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
        var states = LayerStates.Of(layer, x, angles);
        for (var i = 0; i < mlps.Length; i++) mlps[i] += states.Output[i] - states.Attended[i];
        if (layer.Dropped) layers.Add(LeftOut(number, states.Output));
        else layers.Add(Measured(number, layer, QueryAttention.Of(model, layer, x, angles), states.Output));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        angles.Cos.Dispose();
        angles.Sin.Dispose();
        chain.Dispose();
    }

    private LayerTrace Measured(int number, DecoderLayer layer, QueryAttention attention, double[] output)
    {
        var gradient = LayerGradient.Of(layer, attention, (prompt.Leading, prompt.DemonstrationTokens), form);
        var step = chain.Extend(gradient, [.. Enumerable.Range(0, prompt.Demonstrations).Select(one => LayerGradient.MiddleOf(attention, prompt.TokensOf(one), form))], attention.Norm);
        if (!double.IsFinite(step.GradientNorm))
            throw new InputException(prompt.Where, $"expected gradients whose squares a float64 holds, found larger ones in layer {number}", "take the softmax to first order (--form first-order): without it each layer multiplies by thousands");
        var parts = new LayerParts(attention, gradient, prompt);
        var (share, linear) = parts.Whole();
        return new LayerTrace(
            number,
            step.UpdateNorm,
            step.EffectiveRank,
            step.GradientNorm,
            chain.Norm,
            chain.Largest,
            parts.Attention(),
            share,
            linear.Error,
            linear.Cosine,
            Length(mlps) / Length(output),
            ChainError(output),
            parts.Heads()) { Gram = step.Gram };
    }

    private LayerTrace LeftOut(int number, double[] output) =>
        new(number, 0, 0, 0, chain.Norm, chain.Largest, double.NaN, double.NaN, double.NaN, double.NaN, Length(mlps) / Length(output), ChainError(output), []) { Gram = RealMatrix.Zero(prompt.Demonstrations, prompt.Demonstrations) };

    private double ChainError(double[] output) => Alignment.Of(chain.Applied(start!), output).Error;

    private static double Length(double[] vector) => Math.Sqrt(vector.Sum(value => value * value));
}
