using System.Collections.Immutable;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Theory;
using Eckart.Theory.Tracing;
using static TorchSharp.torch;

namespace Eckart.Tests.Theory.Tracing;

/// <summary>The paper's plain layers, one head of D numbers without norm and output matrix, by the chain that a real model's layers go through.</summary>
internal static class PlainChain
{
    /// <summary>A term a layer.</summary>
    /// <param name="steps">Layers with the demonstrations that each reads; of those one token is one demonstration.</param>
    /// <param name="given">b.</param>
    /// <param name="matrices">Whether M of a demonstration is given as itself rather than as values and keys.</param>
    public static ImmutableArray<BoundTerm> Terms(IReadOnlyList<TrajectoryStep> steps, int given, bool matrices = false)
    {
        using var scope = NewDisposeScope();
        var size = steps[0].Weights.Size;
        using var chain = new ResidualChain(size, workers: 2);
        var layers = steps.Select((step, layer) =>
        {
            var factors = new MiddleFactors(Tokens(step.Weights.Value * step.Demonstrations), Tokens(step.Weights.Key * step.Demonstrations));
            var middles = factors.Matrices();
            var gradient = new LayerGradient(eye(size, dtype: float64), middles.sum([1]), zeros([1, size], float64), Dense(step.Weights.Query));
            var added = chain.Extend(gradient, matrices ? MiddleFactors.OfMatrices(middles) : factors, Identity(size));
            return new LayerTrace(layer, added.UpdateNorm, double.NaN, added.GradientNorm, chain.Norm, chain.Largest, 0, 0, 0, 0, 0, 0, []) { Gram = RealMatrix.Of(step.Demonstrations.Columns, step.Demonstrations.Columns, added.Gram) };
        });
        return TracedBound.TermsOf(new ModelTrace(Intervention.None, [.. layers]), size, given);
    }

    private static Tensor Dense(RealMatrix matrix) => tensor(matrix.Values.ToArray(), [matrix.Rows, matrix.Columns], float64);

    // (1, N, 1, D)
    private static Tensor Tokens(RealMatrix columns) => Dense(columns).t().contiguous().view(1, columns.Columns, 1, columns.Rows);

    private static FrozenNorm Identity(int size) => FrozenNorm.Of(new Norm(NormKind.RootMeanSquare, ones(size), null, 0), ones(1, size, dtype: float64));
}
