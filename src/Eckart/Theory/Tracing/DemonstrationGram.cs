using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>Inner products of the demonstrations' gradients, g_i = N W_O M_i R with R = W_Q N_t (I + W_{t−1}): all that a bound takes of them.</summary>
/// <remarks>
/// ⟨g_i, g_j⟩ = N² Σ over heads a, b of ⟨M_iᵃ, (W_OᵀW_O)ᵃᵇ M_jᵇ (R Rᵀ)ᵇᵃ⟩: no (C, C) matrix a demonstration is made. Half of the pairs of heads are taken, as the other half is theirs transposed.
/// With M_j = L_jᵀR_j all demonstrations of a pair are two products, of L and of R; only what is left of them is (D, D) a demonstration.
/// </remarks>
internal static class DemonstrationGram
{
    /// <summary>⟨g_i, g_j⟩.</summary>
    /// <param name="factors">M of each demonstration.</param>
    /// <param name="outputs">W_OᵀW_O, (H·D, H·D).</param>
    /// <param name="queries">R Rᵀ, (H·D, H·D).</param>
    /// <param name="workers">Pairs of heads at once.</param>
    /// <returns>(N, N), row by row; not finite where no float64 holds them.</returns>
    public static double[] Of(MiddleFactors factors, Tensor outputs, Tensor queries, int workers)
    {
        using var scope = NewDisposeScope();
        var (groups, count, size) = ((int)factors.Left.shape[0], factors.Count, factors.Left.shape[3]);
        var heads = (int)(outputs.shape[0] / size);
        var (left, right, middles) = (factors.Left.view(groups, -1, size), factors.Right.view(groups, -1, size), factors.Matrices().view(groups, count, -1));
        var pairs = (from a in Enumerable.Range(0, heads) from b in Enumerable.Range(a, heads - a) select (A: a, B: b)).ToArray();
        var parts = new double[pairs.Length][];
        Workers.Run(pairs.Length, workers, i =>
        {
            using var gradients = no_grad();
            using var inner = NewDisposeScope();
            var (a, b) = pairs[i];
            var (own, other) = (a * groups / heads, b * groups / heads);
            var values = left[other].mm(Block(outputs, b, a)).view(count, -1, size);        // L_j (O^ab)ᵀ, all j
            var keys = right[other].mm(Block(queries, b, a)).view(count, -1, size);
            var moved = values.transpose(1, 2).bmm(keys);                                   // (N, D, D)
            var products = middles[own].mm(moved.view(count, -1).t());                      // (N, N)
            parts[i] = TensorMemory.ValuesOf<double>(a == b ? products : products.add(products.t()));
        });

        var gram = new double[count * count];
        foreach (var part in parts)                                         // in order, whoever was first
            for (var i = 0; i < gram.Length; i++) gram[i] += (double)count * count * part[i];
        return gram;

        Tensor Block(Tensor matrix, int row, int column) => matrix.narrow(0, row * size, size).narrow(1, column * size, size);
    }
}
