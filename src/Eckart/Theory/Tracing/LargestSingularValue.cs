using Eckart.Statistics;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>The spectral norm of a square matrix by Lanczos on AᵀA: matrix by vector only, and no copy of the matrix.</summary>
/// <remarks>Golub and Van Loan, Matrix Computations, chapter 10, with full reorthogonalisation. Exact for matrices up to the number of steps; beyond it the largest value, which converges first, has long done so.
/// It ends sooner where the residual says so: an eigenvalue θ of AᵀA lies within it, r, and by Kato and Temple within r²/δ, with δ from θ down to what the second one may be at most (Parlett, The Symmetric Eigenvalue Problem, chapter 11).</remarks>
internal static class LargestSingularValue
{
    private const int Steps = 80;
    private const int Between = 8;          // steps from one look at the residual to the next
    private const double Converged = 1e-12;
    private const double Nothing = 1e-14;   // of AᵀA: rounding, and no direction to go on in

    /// <summary>‖A‖₂.</summary>
    /// <param name="matrix">(C, C), float64 on the CPU, finite.</param>
    /// <param name="workers">Blocks of its rows at once.</param>
    public static double Of(Tensor matrix, int workers)
    {
        using var scope = NewDisposeScope();
        var length = Math.Max(matrix.max().item<double>(), -matrix.min().item<double>());
        return length is 0 || !double.IsFinite(length) ? length : length * OfUnit(matrix, tensor(1 / length, float64), workers);       // squares of large numbers overflow
    }

    private static double OfUnit(Tensor matrix, Tensor scale, int workers)
    {
        using var scope = NewDisposeScope();
        var size = matrix.shape[0];
        var steps = (int)Math.Min(Steps, size);
        var basis = zeros([steps, size], float64);                  // a row a step
        var projected = new double[steps, steps];
        var next = Direction(size);
        for (var step = 1; ; step++)
        {
            using var inner = NewDisposeScope();
            basis[step - 1].copy_(next);
            var known = basis.narrow(0, 0, step);
            var image = BlockProduct.TransposedWithItself(matrix, next.mul(scale), workers).mul(scale);
            projected[step - 1, step - 1] = image.dot(next).item<double>();
            for (var pass = 0; pass < 2; pass++) image = image.sub(known.t().mv(known.mv(image)));       // once leaves rounding behind
            var length = image.norm().item<double>();
            if (step % Between == 0 || step == steps || length <= Nothing * projected[0, 0])
            {
                var (value, error) = Last(projected, step, length);
                if (step == steps || error <= Converged * value) return Math.Sqrt(value);
            }

            projected[step - 1, step] = projected[step, step - 1] = length;
            next = image.div(tensor(length, float64)).MoveToOuterDisposeScope();
        }
    }

    // The largest eigenvalue of what has been projected so far, and how far from one of the whole it may be: what is left over has a length, and a vector's residual is its share of the last step times that.
    private static (double Value, double Error) Last(double[,] projected, int steps, double length)
    {
        using var scope = NewDisposeScope();
        var (values, vectors) = linalg.eigh(tensor(projected).narrow(0, 0, steps).narrow(1, 0, steps));
        var (largest, residual) = At(steps - 1);
        var gap = steps == 1 ? 0 : largest - At(steps - 2).Value - At(steps - 2).Residual;
        return (Math.Max(0, largest), gap > residual ? residual * residual / gap : residual);

        (double Value, double Residual) At(int place) => (values[place].item<double>(), length * Math.Abs(vectors[steps - 1, place].item<double>()));
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
