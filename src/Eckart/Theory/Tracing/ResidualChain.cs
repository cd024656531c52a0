using Eckart.Models;
using Eckart.Pruning;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>I + W_t of a real model's layers so far, in full: with heads of D numbers and more than D tokens of demonstrations a layer's update has as large a rank as its matrices, so that no factors are smaller.</summary>
/// <remarks>A layer takes five products of size C: W_O and W_Q with themselves, R = W_Q N_t (I + W_{t−1}), R with itself, and the step. The first does without that of R, which is W_Q N_1 there.</remarks>
internal sealed class ResidualChain : IDisposable
{
    private readonly int workers;
    private readonly Tensor product;        // (C, C)
    private bool extended;                  // or it is still the identity

    /// <summary>I + W_0 = I.</summary>
    /// <param name="hidden">C.</param>
    /// <param name="workers">Blocks of a product at once.</param>
    public ResidualChain(int hidden, int workers)
        : this(eye(hidden, dtype: float64), workers)
    {
    }

    private ResidualChain(Tensor product, int workers) => (this.product, this.workers) = (product.DetachFromDisposeScope(), workers);

    /// <summary>‖I + W_t‖, Frobenius.</summary>
    public double Norm
    {
        get
        {
            using var scope = NewDisposeScope();
            var flat = product.view(-1);
            return Math.Sqrt(flat.dot(flat).item<double>());      // makes no matrix of squares
        }
    }

    /// <summary>‖I + W_t‖, spectral.</summary>
    public double Largest => LargestSingularValue.Of(product, workers);

    /// <summary>The same, to go another way from here.</summary>
    /// <returns>The caller disposes it.</returns>
    public ResidualChain Copy() => new(product.clone(), workers) { extended = extended };

    /// <summary>(I + W_t) x.</summary>
    public double[] Applied(double[] x)
    {
        using var scope = NewDisposeScope();
        return TensorMemory.ValuesOf<double>(product.mv(tensor(x)));
    }

    /// <summary>Takes the next layer: G_t = ΔW_t N_t (I + W_{t−1}), and I + W_t = I + W_{t−1} + G_t.</summary>
    /// <param name="gradient">ΔW_t.</param>
    /// <param name="middles">M of each demonstration; together they are that of ΔW_t.</param>
    /// <param name="norm">N_t.</param>
    public ChainStep Extend(LayerGradient gradient, MiddleFactors middles, FrozenNorm norm)
    {
        using var scope = NewDisposeScope();
        var outputs = BlockProduct.WithItself(gradient.Output.t(), workers);
        var update = Gram(MiddleFactors.OfMatrices(gradient.Middle.unsqueeze(1)), outputs, gradient.Query)[0];
        var chained = Chained(gradient, norm);
        var gram = Gram(middles, outputs, chained.Query);
        outputs.Dispose();
        var step = BlockProduct.AddTo(product, gradient.Output, chained.Inner(workers), workers);
        extended = true;
        return new ChainStep(Math.Sqrt(Math.Max(0, update)), Math.Sqrt(step), gram);
    }

    /// <summary>Effective rank of ΔW_t, which takes a decomposition of (C, C).</summary>
    /// <param name="gradient">ΔW_t; still the caller's.</param>
    /// <returns>From 1 to C; 0 of a ΔW_t of zero.</returns>
    public double EffectiveRank(LayerGradient gradient)
    {
        using var scope = NewDisposeScope();
        var update = BlockProduct.Of(gradient.Output, gradient.Inner(workers), workers);
        var spectrum = SingularValues.OfGram(BlockProduct.WithItself(update, workers));
        return spectrum[0] == 0 ? 0 : SpectralSummary.EffectiveRankOf(spectrum);
    }

    /// <inheritdoc/>
    public void Dispose() => product.Dispose();

    // Large matrices are let go as soon as they have served: of (4096, 4096) each has 128 MiB.
    private double[] Gram(MiddleFactors factors, Tensor outputs, Tensor queries)
    {
        using var scope = NewDisposeScope();
        return DemonstrationGram.Of(factors, outputs, BlockProduct.WithItself(queries, workers), workers);
    }

    private LayerGradient Chained(LayerGradient gradient, FrozenNorm norm)
    {
        using var scope = NewDisposeScope();
        var normed = norm.After(gradient.Query);
        return gradient with { Query = (extended ? BlockProduct.Of(normed, product, workers) : normed).MoveToOuterDisposeScope() };
    }
}
