using Eckart.Models;
using Eckart.Pruning;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>I + W_t of a real model's layers so far, in full.</summary>
/// <param name="hidden">C.</param>
/// <param name="workers">Blocks of a product at once.</param>
/// <param name="ranks">Whether effective ranks are wanted.</param>
internal sealed class ResidualChain(int hidden, int workers, bool ranks) : IDisposable
{
    private readonly Tensor product = eye(hidden, dtype: float64).DetachFromDisposeScope();

    /// <summary>‖I + W_t‖, Frobenius.</summary>
    public double Norm => Length(product);

    /// <summary>‖I + W_t‖, spectral.</summary>
    public double Largest => LargestSingularValue.Of(product);

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
    public ChainStep Extend(LayerGradient gradient, IReadOnlyList<Tensor> middles, FrozenNorm norm)
    {
        using var scope = NewDisposeScope();
        var chained = gradient with { Query = BlockProduct.Of(norm.After(gradient.Query), product, workers) };
        var outputs = BlockProduct.WithItself(gradient.Output.t().contiguous(), workers);
        var gram = DemonstrationGram.Of(middles, outputs, BlockProduct.WithItself(chained.Query, workers), workers);
        var update = DemonstrationGram.Of([gradient.Middle], outputs, BlockProduct.WithItself(gradient.Query, workers), workers)[0, 0];
        var rank = ranks ? EffectiveRank(BlockProduct.Of(gradient.Output, gradient.Inner(), workers)) : double.NaN;
        var step = BlockProduct.Of(gradient.Output, chained.Inner(), workers);
        product.Plus(step);
        return new ChainStep(Math.Sqrt(Math.Max(0, update)), rank, Length(step), gram);
    }

    /// <inheritdoc/>
    public void Dispose() => product.Dispose();

    private static double EffectiveRank(Tensor update)
    {
        var spectrum = SingularValues.FromGram(update);
        return spectrum[0] == 0 ? 0 : SpectralSummary.EffectiveRankOf(spectrum);
    }

    private static double Length(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.mul(tensor).sum().sqrt().item<double>();
    }
}
