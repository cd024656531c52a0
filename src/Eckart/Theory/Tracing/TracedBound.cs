using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>The terms of Theorem 2's bound for a real model's layers, from a trace of them.</summary>
public static class TracedBound
{
    /// <summary>A term a layer.</summary>
    /// <param name="trace">Of a prompt with N demonstrations.</param>
    /// <param name="hidden">C: a gradient has d = C² numbers.</param>
    /// <param name="given">b demonstrations of the N.</param>
    /// <exception cref="InputException">N is 1, or b is not from 1 to N.</exception>
    public static ImmutableArray<BoundTerm> TermsOf(ModelTrace trace, int hidden, int given)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var (frobenius, spectral) = (Math.Sqrt(hidden), 1.0);       // of I + W_0 = I
        var terms = ImmutableArray.CreateBuilder<BoundTerm>();
        foreach (var layer in trace.Layers)
        {
            var gradients = WithGram(layer.Gram);
            terms.Add(new BoundTerm(layer.UpdateNorm * layer.UpdateNorm, frobenius * frobenius, spectral * spectral, gradients, SubsetCovariance.Of(gradients, given, (long)hidden * hidden)));
            (frobenius, spectral) = (layer.ProductNorm, layer.ProductLargest);
        }

        return terms.ToImmutable();
    }

    // N vectors of N numbers with the inner products that the gradients have: Γ = (Λ^½ Vᵀ)ᵀ(Λ^½ Vᵀ), and gᵢ = N a ⊗ 1.
    private static GradientFactors WithGram(RealMatrix gram)
    {
        using var scope = NewDisposeScope();
        var (values, vectors) = linalg.eigh(tensor(gram.Values.ToArray()).view(gram.Rows, gram.Columns));
        var roots = values.maximum(tensor(0.0, float64)).sqrt().unsqueeze(1).mul(vectors.t()).div(tensor((double)gram.Rows, float64));
        return new GradientFactors(RealMatrix.Of(gram.Rows, gram.Rows, TensorMemory.ValuesOf<double>(roots.contiguous())), RealMatrix.Of(1, gram.Rows, (_, _) => 1));
    }
}
