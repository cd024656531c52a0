using System.Numerics;

namespace Eckart.Theory.Checks;

/// <summary>C_t of Assumption 1: what it is, how it is computed, and what it never is.</summary>
internal static class CovarianceChecks
{
    private const double Epsilon = 1e-3;

    public static IEnumerable<TheoryCheck> All =>
    [
        new("gradients", "the per-demonstration gradients N·a ⊗ c have the mean G_t", random => Mean(new(random))),
        new("assumption-1-covariance", "C_t is the covariance of the mean of b gradients drawn without replacement from N", random => Enumerated(new(random))) { OneIn = 4, Note = "every subset enumerated" },
        new("covariance-gram", "its trace and its ε-regularised log-determinant come from an N × N matrix", random => FromGram(new(random))) { OneIn = 4 },
        new("full-batch", "all demonstrations given (b = N): C_t = 0", random => FullBatch(new(random))),
        new("T1-positive-definite", "C_t is positive definite, so that log det C_t and Theorem 2 are finite", random => PositiveDefinite(new(random)))
        {
            Expected = false,
            Note = "rank at most N − 1, below d = D²: without ε the bound is +∞",
        },
    ];

    private static TrajectoryStep Step(RandomInstance some) => Trajectory.Of(some.Layers(2), some.Demonstrations()).Steps[1];

    private static int Given(RandomInstance some) => 1 + some.Random.Below(some.Count - 1);

    private static CheckTrial Mean(RandomInstance some)
    {
        var step = Step(some);
        var factors = GradientFactors.Of(step);
        var sum = Enumerable.Range(0, some.Count).Select(factors.Gradient).Aggregate((left, right) => left + right);
        return CheckTrial.Worst(CheckTrial.Equal(1.0 / some.Count * sum, step.Gradient), CheckTrial.Equal(Math.Abs(factors.SquaredNorm - step.Gradient.SquaredNorm), step.Gradient.SquaredNorm));
    }

    private static CheckTrial Enumerated(RandomInstance some)
    {
        var (gradients, given) = (Vectors(some), Given(some));
        var mean = gradients.Times([.. Enumerable.Repeat(1.0 / some.Count, some.Count)]);
        var sum = RealMatrix.Zero(gradients.Rows, gradients.Rows);
        var subsets = 0;
        for (var subset = 0u; subset < 1u << some.Count; subset++)
        {
            if (BitOperations.PopCount(subset) != given) continue;
            var noise = gradients.Times([.. Enumerable.Range(0, some.Count).Select(i => ((subset >> i) & 1) / (double)given)]).Zip(mean, (a, b) => a - b).ToArray();
            (sum, subsets) = (sum + RealMatrix.Outer(noise, noise), subsets + 1);
        }

        return CheckTrial.Equal(Covariance(gradients, given), 1.0 / subsets * sum);
    }

    private static CheckTrial FromGram(RandomInstance some)
    {
        var (factors, given) = (GradientFactors.Of(Step(some)), Given(some));
        var direct = Covariance(RealMatrix.OfColumns(Enumerable.Range(0, some.Count).Select(i => factors.Gradient(i).Values.ToArray())), given);
        var regular = direct + (Epsilon * RealMatrix.Identity(direct.Rows));
        var determinant = SingularDecomposition.Of(regular).Values.Sum(Math.Log);
        var found = SubsetCovariance.Of(factors, given);
        return CheckTrial.Worst(
            CheckTrial.Equal(Math.Abs(found.TraceWith(Epsilon) - regular.Trace), regular.Trace),
            CheckTrial.Equal(Math.Abs(found.LogDeterminant(Epsilon) - determinant), Math.Abs(determinant)));
    }

    private static CheckTrial FullBatch(RandomInstance some)
    {
        var covariance = SubsetCovariance.Of(GradientFactors.Of(Step(some)), some.Count);
        return CheckTrial.Equal(covariance.Trace + covariance.Eigenvalues.Sum(), 1);
    }

    private static CheckTrial PositiveDefinite(RandomInstance some)
    {
        var covariance = SubsetCovariance.Of(GradientFactors.Of(Step(some)), Given(some));
        var (rank, all) = (covariance.Rank, (int)covariance.Dimension);
        return new CheckTrial((double)(all - rank) / all, rank < all, $"N = {some.Count}, d = {all}: rank {rank}");
    }

    // A d × d matrix of any gradients, of d = 4 to 9 numbers.
    private static RealMatrix Vectors(RandomInstance some) => RealMatrix.Normal(some.Random, 4 + some.Random.Below(6), some.Count);

    // Assumption 1's own formula, gradients as columns.
    private static RealMatrix Covariance(RealMatrix gradients, int given)
    {
        var n = gradients.Columns;
        var mean = gradients.Times([.. Enumerable.Repeat(1.0 / n, n)]);
        return SubsetCovariance.Factor(n, given) * ((1.0 / n * (gradients * gradients.Transposed)) - RealMatrix.Outer(mean, mean));
    }
}
