using System.Collections.Immutable;
using Eckart.Models;
using Eckart.Pruning;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>Attention's output at the query in parts: the demonstrations' as the model makes it, the same in the linear form, and all tokens'.</summary>
internal sealed class LayerParts
{
    private readonly LayerGradient gradient;
    private readonly double[] weights;              // (H): the softmax on the demonstrations
    private readonly double[][] demonstrations;     // (H, C)
    private readonly double[][] linear;             // (H, C)
    private readonly double[][] all;                // (H, C)

    /// <param name="attention">At the query.</param>
    /// <param name="gradient">Of all demonstrations.</param>
    /// <param name="prompt">Says which tokens they are.</param>
    public LayerParts(QueryAttention attention, LayerGradient gradient, TracedPrompt prompt)
    {
        using var scope = NewDisposeScope();
        this.gradient = gradient;
        weights = TensorMemory.ValuesOf<double>(attention.Weights.narrow(1, prompt.Leading, prompt.DemonstrationTokens).sum([1]));
        demonstrations = Rows(gradient.Through(attention.Mixed(prompt.Leading, prompt.DemonstrationTokens)));
        linear = Rows(gradient.Through(gradient.Applied(attention.Query)));
        all = Rows(gradient.Through(attention.Mixed(0, prompt.Ids.Length)));
    }

    /// <summary>How much of the softmax falls on the demonstrations, on average.</summary>
    public double Attention() => weights.Average();

    /// <summary>Of all heads together.</summary>
    public (double Share, Alignment Linear) Whole() =>
        (Alignment.Of(Sum(demonstrations), Sum(all)).Share, Alignment.Of(Sum(linear), Sum(demonstrations)));

    /// <summary>Of each head.</summary>
    public ImmutableArray<HeadTrace> Heads() =>
    [
        .. gradient.HeadSpectra().Select((values, head) =>
        {
            var form = Alignment.Of(linear[head], demonstrations[head]);
            return new HeadTrace(
                head,
                Math.Sqrt(values.Sum(value => value * value)),
                values[0] == 0 ? 0 : SpectralSummary.EffectiveRankOf(values),
                weights[head],
                Alignment.Of(demonstrations[head], all[head]).Share,
                form.Error,
                form.Cosine);
        }),
    ];

    private static double[][] Rows(Tensor heads) => [.. TensorMemory.ValuesOf<double>(heads.contiguous()).Chunk((int)heads.shape[1])];

    private static double[] Sum(double[][] heads) => heads.Aggregate((left, right) => [.. left.Zip(right, (one, other) => one + other)]);
}
