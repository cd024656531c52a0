using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>Large float64 products in blocks of rows that do not depend on the number of workers, each with one-thread products: neither do results.</summary>
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
        ForEachBlock(left.shape[0], workers, (first, count) => product.narrow(0, first, count).copy_(left.narrow(0, first, count).mm(right)));
        return product;
    }

    /// <summary>A Aᵀ: what lies below the diagonal is computed, the rest mirrored.</summary>
    /// <param name="matrix">(m, k).</param>
    /// <param name="workers">Blocks at once.</param>
    /// <returns>(m, m), fresh, in the caller's dispose scope.</returns>
    public static Tensor WithItself(Tensor matrix, int workers)
    {
        using var scope = NewDisposeScope();
        var lower = zeros([matrix.shape[0], matrix.shape[0]], float64);
        ForEachBlock(matrix.shape[0], workers, (first, count) =>
            lower.narrow(0, first, count).narrow(1, 0, first + count).copy_(matrix.narrow(0, first, count).mm(matrix.narrow(0, 0, first + count).t())));
        return lower.tril().Plus(lower.tril(-1).t()).MoveToOuterDisposeScope();
    }

    private static void ForEachBlock(long rows, int workers, Action<long, long> work) => Workers.Run((int)((rows + Rows - 1) / Rows), workers, block =>
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        work(block * Rows, Math.Min(Rows, rows - (block * Rows)));
    });
}
