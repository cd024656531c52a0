using Eckart.Models;
using Eckart.Statistics;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>The spectral norm of a square matrix by Lanczos on AᵀA: matrix by vector only.</summary>
/// <remarks>Golub and Van Loan, Matrix Computations, chapter 10, with full reorthogonalisation. Exact for matrices up to the number of steps; beyond it the largest value, which converges first, has long done so.</remarks>
internal static class LargestSingularValue
{
    private const int Steps = 80;

    /// <summary>‖A‖₂.</summary>
    /// <param name="matrix">(C, C), float64 on the CPU, finite.</param>
    public static double Of(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var length = matrix.abs().max().item<double>();
        return length is 0 || !double.IsFinite(length) ? length : length * OfUnit(matrix.div(tensor(length, float64)));       // squares of large numbers overflow
    }

    private static double OfUnit(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var size = matrix.shape[0];
        var steps = (int)Math.Min(Steps, size);
        var basis = zeros([steps, size], float64);                  // a row a step
        var projected = new double[steps * steps];
        var next = Direction(size);
        for (var step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            basis[step].copy_(next);
            var known = basis.narrow(0, 0, step + 1);
            var image = matrix.t().mv(matrix.mv(next));
            projected[(step * steps) + step] = image.dot(next).item<double>();
            for (var pass = 0; pass < 2; pass++) image = image.sub(known.t().mv(known.mv(image)));       // once leaves rounding behind
            var length = image.norm().item<double>();
            if (step + 1 == steps || length <= 1e-14 * Math.Abs(projected[0])) break;
            projected[(step * steps) + step + 1] = projected[((step + 1) * steps) + step] = length;
            next = image.div(tensor(length, float64)).MoveToOuterDisposeScope();
        }

        var values = TensorMemory.ValuesOf<double>(linalg.eigvalsh(tensor(projected).view(steps, steps)));
        return Math.Sqrt(Math.Max(0, values[^1]));
    }

    // Fixed, and along no axis that a matrix could be blind to.
    private static Tensor Direction(long size)
    {
        var random = new SplitMix64(1);
        var values = new double[size];
        for (var i = 0; i < size; i++) values[i] = random.Uniform() - 0.5;
        var vector = tensor(values);
        return vector.div(vector.norm());
    }
}
