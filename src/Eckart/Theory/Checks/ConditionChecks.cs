namespace Eckart.Theory.Checks;

/// <summary>Case 1 and condition numbers.</summary>
internal static class ConditionChecks
{
    public static IEnumerable<TheoryCheck> All =>
    [
        new("case-1", "W·x = b with b in two eigenvectors: x has b's parts over the eigenvalues", random => Solves(new(random))),
        new("case-1-noise", "an error of b is enlarged in x by up to Cond(W), relative to each", random => Enlarged(new(random))),
        new("condition-falls", "σ₁/σ_r of what a truncation keeps is no more than σ₁/σ_min", random => Falls(new(random))) { Note = "by the definition itself a truncated matrix has σ_min = 0 and Cond = ∞" },
    ];

    private static CheckTrial Solves(RandomInstance some)
    {
        var basis = SingularDecomposition.Of(some.Matrix(some.Size, some.Size)).Basis;                     // orthonormal columns
        double[] values = [.. Enumerable.Range(0, some.Size).Select(_ => Math.Exp(2 * some.Random.Normal()))];
        var matrix = basis * RealMatrix.Of(some.Size, some.Size, (i, j) => i == j ? values[i] : 0) * basis.Transposed;
        double first = some.Random.Normal(), second = some.Random.Normal();
        var solved = new IllConditioning(values[0], values[1]).Solve(first, second);
        var right = Mix(basis, first, second);
        return CheckTrial.Equal(matrix * Mix(basis, solved.First, solved.Second), right);
    }

    private static CheckTrial Enlarged(RandomInstance some)
    {
        var matrix = some.Matrix(some.Size, some.Size);
        var (solution, change) = (RealMatrix.Normal(some.Random, some.Size, 1), RealMatrix.Normal(some.Random, some.Size, 1));
        var (right, error) = (matrix * solution, matrix * change);
        return CheckTrial.AtMost(change.Norm / solution.Norm, IllConditioning.ConditionNumber(matrix, some.Size) * (error.Norm / right.Norm), "relative error of x above");
    }

    private static CheckTrial Falls(RandomInstance some)
    {
        var matrix = some.Matrix(some.Size, some.Size);
        return CheckTrial.AtMost(IllConditioning.ConditionNumber(matrix, some.Rank()), IllConditioning.ConditionNumber(matrix, some.Size), "condition number");
    }

    private static RealMatrix Mix(RealMatrix basis, double first, double second) => (first * basis.Select([0])) + (second * basis.Select([1]));
}
