using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>Large float64 products in blocks of rows that do not depend on the number of workers, each with one-thread products: neither do results. Beside its result a product needs room for a block a worker at most.</summary>
internal static class BlockProduct
{
    private const long Rows = 256;

    /// <summary>A B.</summary>
    /// <param name="left">(m, k).</param>
    /// <param name="right">(k, n).</param>
    /// <param name="workers">Blocks at once.</param>
    /// <returns>(m, n), fresh, in the caller's dispose scope.</returns>
    public static Tensor Of(Tensor left, Tensor right, int workers)
    {
        var product = empty([left.shape[0], right.shape[1]], float64);
        ForEachBlock(left.shape[0], workers, (first, count) => product.narrow(0, first, count).addmm_(left.narrow(0, first, count), right, 0, 1));
        return product;
    }

    /// <summary>Adds A B to a matrix.</summary>
    /// <param name="target">(m, n): changed in place.</param>
    /// <param name="left">(m, k).</param>
    /// <param name="right">(k, n).</param>
    /// <param name="workers">Blocks at once.</param>
    /// <returns>‖A B‖², Frobenius.</returns>
    public static double AddTo(Tensor target, Tensor left, Tensor right, int workers)
    {
        var squares = new double[Blocks(left.shape[0])];
        ForEachBlock(left.shape[0], workers, (first, count) =>
        {
            var block = left.narrow(0, first, count).mm(right);
            target.narrow(0, first, count).Plus(block);
            var flat = block.view(-1);
            squares[first / Rows] = flat.dot(flat).item<double>();
        });
        return squares.Sum();       // in order, whoever was first
    }

    /// <summary>A Aᵀ: what lies below the diagonal is computed, the rest mirrored.</summary>
    /// <param name="matrix">(m, k).</param>
    /// <param name="workers">Blocks at once.</param>
    /// <returns>(m, m), fresh, in the caller's dispose scope.</returns>
    public static Tensor WithItself(Tensor matrix, int workers)
    {
        var product = empty([matrix.shape[0], matrix.shape[0]], float64);

        // The first block is the shortest: with the last, and so on, all pairs take as long.
        var blocks = Blocks(matrix.shape[0]);
        Workers.Run((blocks + 1) / 2, workers, pair =>
        {
            foreach (var block in new[] { pair, blocks - 1 - pair }.Distinct()) InBlock(block, matrix.shape[0], Lower);
        });
        return product;

        void Lower(long first, long count)
        {
            var rows = product.narrow(0, first, count);
            rows.narrow(1, 0, first + count).addmm_(matrix.narrow(0, first, count), matrix.narrow(0, 0, first + count).t(), 0, 1);
            product.narrow(0, 0, first).narrow(1, first, count).copy_(rows.narrow(1, 0, first).t());
            var last = rows.narrow(1, first, count);
            last.copy_(last.tril().Plus(last.tril(-1).t()));
        }
    }

    /// <summary>AᵀA x, each block of rows read once.</summary>
    /// <param name="matrix">(m, n).</param>
    /// <param name="vector">(n).</param>
    /// <param name="workers">Blocks at once.</param>
    /// <returns>(n), fresh, in the caller's dispose scope.</returns>
    public static Tensor TransposedWithItself(Tensor matrix, Tensor vector, int workers)
    {
        using var scope = NewDisposeScope();
        var parts = empty([Blocks(matrix.shape[0]), matrix.shape[1]], float64);
        ForEachBlock(matrix.shape[0], workers, (first, count) =>
        {
            var rows = matrix.narrow(0, first, count);
            parts[first / Rows].copy_(rows.t().mv(rows.mv(vector)));
        });
        return parts.sum([0]).MoveToOuterDisposeScope();
    }

    private static int Blocks(long rows) => (int)((rows + Rows - 1) / Rows);

    private static void ForEachBlock(long rows, int workers, Action<long, long> work) => Workers.Run(Blocks(rows), workers, block => InBlock(block, rows, work));

    private static void InBlock(int block, long rows, Action<long, long> work)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        work(block * Rows, Math.Min(Rows, rows - (block * Rows)));
    }
}
