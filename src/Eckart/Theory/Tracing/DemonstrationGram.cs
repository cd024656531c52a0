using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>Inner products of the demonstrations' gradients, g_i = N W_O M_i R with R = W_Q N_t (I + W_{t−1}): all that a bound takes of them.</summary>
/// <remarks>
/// ⟨g_i, g_j⟩ = N² Σ over heads a, b of ⟨M_iᵃ, (W_OᵀW_O)ᵃᵇ M_jᵇ (R Rᵀ)ᵇᵃ⟩: no (C, C) matrix a demonstration is made.
/// With M_j = L_jᵀR_j all demonstrations of a head and a group are two products, of L and of R; only what is left of them is (D, D) a demonstration,
/// and heads of one group, which share M, are summed before they meet another's. Half of the pairs of groups are taken, as the other half is theirs transposed.
/// </remarks>
internal static class DemonstrationGram
{
    /// <summary>⟨g_i, g_j⟩.</summary>
    /// <param name="factors">M of each demonstration.</param>
    /// <param name="outputs">W_OᵀW_O, (H·D, H·D).</param>
    /// <param name="queries">R Rᵀ, (H·D, H·D).</param>
    /// <param name="workers">Pairs of groups at once.</param>
    /// <returns>(N, N), row by row; not finite where no float64 holds them.</returns>
    public static double[] Of(MiddleFactors factors, Tensor outputs, Tensor queries, int workers)
    {
        using var scope = NewDisposeScope();
        var (groups, count, size) = ((int)factors.Left.shape[0], factors.Count, factors.Left.shape[3]);
        var (left, right, middles) = (factors.Left.view(groups, -1, size), factors.Right.view(groups, -1, size), factors.Matrices().view(groups, count, -1));
        var (heads, wide) = (outputs.shape[0] / size / groups, outputs.shape[0] / groups);      // of a group
        var pairs = (from a in Enumerable.Range(0, groups) from b in Enumerable.Range(a, groups - a) select (A: a, B: b)).ToArray();
        var parts = new double[pairs.Length][];
        Workers.Run(pairs.Length, workers, i =>
        {
            using var gradients = no_grad();
            using var inner = NewDisposeScope();
            var (a, b) = pairs[i];
            var moved = zeros([count, size, size], float64);
            for (var head = 0L; head < heads; head++) Move(moved, a, b, (b * wide) + (head * size));
            var products = middles[a].mm(moved.view(count, -1).t());                        // (N, N)
            parts[i] = TensorMemory.ValuesOf<double>(a == b ? products : products.add(products.t()));
        });

        var gram = new double[count * count];
        foreach (var part in parts)                                         // in order, whoever was first
            for (var i = 0; i < gram.Length; i++) gram[i] += (double)count * count * part[i];
        return gram;

        // Adds Σ over the heads of group a of Oᵃʰ M_j Qʰᵃ, of one head of group b, to (D, D) of each j.
        void Move(Tensor moved, int a, int b, long head)
        {
            using var inner = NewDisposeScope();
            var (values, keys) = (Through(left[b], outputs), Through(right[b], queries));   // (N, t·H/K, D)
            for (var one = 0; one < count; one++) moved[one].addmm_(values[one].t(), keys[one], 1, 1);

            Tensor Through(Tensor tokens, Tensor matrix) => tokens.mm(matrix.narrow(0, head, size).narrow(1, a * wide, wide)).view(count, -1, size);
        }
    }
}
