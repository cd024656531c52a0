using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>Inner products of the demonstrations' gradients, g_i = N W_O M_i R with R = W_Q N_t (I + W_{t−1}): all that a bound takes of them.</summary>
/// <remarks>⟨g_i, g_j⟩ = N² Σ over heads a, b of tr(M_iᵃᵀ (W_OᵀW_O)ᵃᵇ M_jᵇ (R Rᵀ)ᵇᵃ): no (C, C) matrix a demonstration is made. Half of the pairs of heads are taken, as the other half is theirs transposed.</remarks>
internal static class DemonstrationGram
{
    /// <summary>⟨g_i, g_j⟩.</summary>
    /// <param name="middles">M of each demonstration, (K, D, D) each.</param>
    /// <param name="outputs">W_OᵀW_O, (H·D, H·D).</param>
    /// <param name="queries">R Rᵀ, (H·D, H·D).</param>
    /// <param name="workers">Pairs of heads at once.</param>
    /// <returns>(N, N).</returns>
    public static RealMatrix Of(IReadOnlyList<Tensor> middles, Tensor outputs, Tensor queries, int workers)
    {
        using var scope = NewDisposeScope();
        var (count, groups, size) = (middles.Count, (int)middles[0].shape[0], (int)middles[0].shape[1]);
        var heads = (int)(outputs.shape[0] / size);
        var all = stack([.. middles], 1);                                   // (K, N, D, D)
        var pairs = (from a in Enumerable.Range(0, heads) from b in Enumerable.Range(a, heads - a) select (A: a, B: b)).ToArray();
        var parts = new double[pairs.Length][];
        Workers.Run(pairs.Length, workers, i =>
        {
            using var gradients = no_grad();
            using var inner = NewDisposeScope();
            var (a, b) = pairs[i];
            var moved = Block(outputs, a, b).unsqueeze(0).expand(count, size, size).bmm(all[b * groups / heads]).bmm(Block(queries, b, a).unsqueeze(0).expand(count, size, size));
            var products = all[a * groups / heads].reshape(count, -1).mm(moved.reshape(count, -1).t());       // (N, N)
            parts[i] = TensorMemory.ValuesOf<double>(a == b ? products : products.add(products.t()));
        });

        var gram = new double[count * count];
        foreach (var part in parts)                                         // in order, whoever was first
            for (var i = 0; i < gram.Length; i++) gram[i] += (double)count * count * part[i];
        return RealMatrix.Of(count, count, gram);

        Tensor Block(Tensor matrix, int row, int column) => matrix.narrow(0, row * size, size).narrow(1, column * size, size);
    }
}
