using System.Collections.Immutable;
using Eckart.Formats;
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
    private readonly TraceDetail detail;
    private readonly (Tensor Cos, Tensor Sin) angles;
    private readonly ResidualChain chain;
    private readonly double[] mlps;             // (C)
    private readonly ImmutableArray<LayerTrace>.Builder layers = ImmutableArray.CreateBuilder<LayerTrace>();
    private double[]? start;                    // (C): h⁰ at the query

    /// <param name="model">With the weights in use; still the caller's.</param>
    /// <param name="prompt">With demonstrations.</param>
    /// <param name="intervention">What those weights are under; named in messages.</param>
    /// <param name="form">What stands in for the softmax.</param>
    /// <param name="detail">How much is measured.</param>
    public TraceWalk(CausalLm model, TracedPrompt prompt, Intervention intervention, LinearForm form, TraceDetail detail)
        : this(model, prompt, intervention, form, detail, new ResidualChain(model.Spec.Hidden, model.Compute.Workers), new double[model.Spec.Hidden])
    {
    }

    private TraceWalk(CausalLm model, TracedPrompt prompt, Intervention intervention, LinearForm form, TraceDetail detail, ResidualChain chain, double[] mlps)
    {
        (this.model, this.prompt, Intervention, this.form, this.detail, this.chain, this.mlps) = (model, prompt, intervention, form, detail, chain, mlps);
        var (cos, sin) = model.Rotary.Angles(prompt.Ids.Length, model.Compute);
        angles = (cos.DetachFromDisposeScope(), sin.DetachFromDisposeScope());
    }

    /// <summary>What the weights in use are under.</summary>
    public Intervention Intervention { get; }

    /// <summary>Layers added so far.</summary>
    public int Layers => layers.Count;

    /// <summary>The same walk, to go another way from here.</summary>
    /// <param name="other">What the layers to come are under.</param>
    /// <returns>The caller disposes it.</returns>
    public TraceWalk Fork(Intervention other)
    {
        var fork = new TraceWalk(model, prompt, other, form, detail, chain.Copy(), [.. mlps]) { start = start };
        fork.layers.AddRange(layers);
        return fork;
    }

    /// <summary>What was found, once every layer was added.</summary>
    public ImmutableArray<LayerTrace> Finished() => layers.ToImmutable();

    /// <summary>Refuses hidden states that are NaN or infinite.</summary>
    /// <param name="states">(T, C): those that enter the next layer, or what leaves the last; still the caller's.</param>
    /// <exception cref="InputException">One is not finite.</exception>
    public void RequireFinite(Tensor states) => FiniteStates.Require(states, Layers, model.Spec.Layers, prompt, Intervention);

    /// <summary>Measures the next layer.</summary>
    /// <param name="pass">Its own in the model with the weights in use; still the caller's.</param>
    public void Add(LayerPass pass)
    {
        using var scope = NewDisposeScope();
        var number = Layers;
        start ??= LayerStates.LastRow(pass.Input);
        var layer = model.Layers[number];
        var states = LayerStates.Of(pass);
        for (var i = 0; i < mlps.Length; i++) mlps[i] += states.Output[i] - states.Attended[i];
        if (layer.Dropped) layers.Add(LeftOut(number, states.Output));
        else layers.Add(Measured(number, layer, QueryAttention.Of(model, layer, pass.Input, angles), states.Output));
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
        if (!gradient.IsFinite) throw NotFinite(number);
        var step = chain.Extend(gradient, MiddleFactors.Of(attention, prompt, form), attention.Norm);
        if (!step.IsFinite || !double.IsFinite(chain.Norm * chain.Norm)) throw Overflow(number);
        var norms = Passed(number, output) with { UpdateNorm = step.UpdateNorm, GradientNorm = step.GradientNorm, Gram = RealMatrix.Of(prompt.Demonstrations, prompt.Demonstrations, step.Gram) };
        if (detail == TraceDetail.Norms) return norms;
        var parts = new LayerParts(attention, gradient, prompt);
        var (share, linear) = parts.Whole();
        return norms with
        {
            EffectiveRank = chain.EffectiveRank(gradient),
            Attention = parts.Attention(),
            OutputShare = share,
            LinearError = linear.Error,
            LinearCosine = linear.Cosine,
            Heads = parts.Heads(),
        };
    }

    private LayerTrace LeftOut(int number, double[] output) => Passed(number, output) with { EffectiveRank = detail == TraceDetail.Norms ? double.NaN : 0 };

    // A layer that adds nothing to the chain.
    private LayerTrace Passed(int number, double[] output) =>
        new(number, 0, double.NaN, 0, chain.Norm, chain.Largest, double.NaN, double.NaN, double.NaN, double.NaN, Length(mlps) / Length(output), ChainError(output), []) { Gram = RealMatrix.Zero(prompt.Demonstrations, prompt.Demonstrations) };

    private InputException NotFinite(int layer) => new(
        prompt.Under(Intervention),
        $"expected finite query and output weights, keys and values of attention, found NaN or infinity in layer {layer}",
        "take weights that are not damaged, or another intervention");

    private InputException Overflow(int layer) => new(
        prompt.Under(Intervention),
        $"expected gradients whose squares a float64 holds, found larger ones in layer {layer}",
        form == LinearForm.Paper ? "take the softmax to first order (--form first-order): without it each layer multiplies by thousands" : "take weights that are not damaged, or another intervention");

    private double ChainError(double[] output) => Alignment.Of(chain.Applied(start!), output).Error;

    private static double Length(double[] vector) => Math.Sqrt(vector.Sum(value => value * value));
}
