using System.Collections.Immutable;
using Eckart.Models;
using Eckart.Pruning;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>Attention's output at the query in parts: the demonstrations' as the model makes it, the same in the linear form, and all tokens'.</summary>
internal sealed class LayerParts
{
    private readonly LayerGradient gradient;
    private readonly Tensor weights;            // (H): the softmax on the demonstrations
    private readonly Tensor demonstrations;     // (H, C)
    private readonly Tensor linear;             // (H, C)
    private readonly Tensor all;                // (H, C)

    /// <param name="attention">At the query.</param>
    /// <param name="gradient">Of all demonstrations.</param>
    /// <param name="prompt">Says which tokens they are.</param>
    /// <remarks>Its tensors belong to the caller's dispose scope.</remarks>
    public LayerParts(QueryAttention attention, LayerGradient gradient, TracedPrompt prompt)
    {
        this.gradient = gradient;
        weights = attention.Weights.narrow(1, prompt.Leading, prompt.DemonstrationTokens).sum([1]);
        demonstrations = gradient.Through(attention.Mixed(prompt.Leading, prompt.DemonstrationTokens));
        linear = gradient.Through(gradient.Applied(attention.Query));
        all = gradient.Through(attention.Mixed(0, prompt.Ids.Length));
    }

    /// <summary>How much of the softmax falls on the demonstrations, on average.</summary>
    public double Attention() => weights.mean().item<double>();

    /// <summary>Of all heads together.</summary>
    public (double Share, Alignment Linear) Whole() =>
        (Alignment.Of(demonstrations.sum([0]), all.sum([0])).Share, Alignment.Of(linear.sum([0]), demonstrations.sum([0])));

    /// <summary>Of each head.</summary>
    public ImmutableArray<HeadTrace> Heads()
    {
        var (spectra, shares) = (gradient.HeadSpectra(), TensorMemory.ValuesOf<double>(weights));
        return [.. spectra.Select((values, head) =>
        {
            using var scope = NewDisposeScope();
            var form = Alignment.Of(linear.select(0, head), demonstrations.select(0, head));
            return new HeadTrace(
                head,
                Math.Sqrt(values.Sum(value => value * value)),
                values[0] == 0 ? 0 : SpectralSummary.EffectiveRankOf(values),
                shares[head],
                Alignment.Of(demonstrations.select(0, head), all.select(0, head)).Share,
                form.Error,
                form.Cosine);
        })];
    }
}
