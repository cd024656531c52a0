namespace Eckart.Theory.Checks;

/// <summary>Examples 1 to 4: the upper bounds that truncation lowers, whether they are upper bounds, and the facts they rest on.</summary>
internal static class ExampleChecks
{
    public static IEnumerable<TheoryCheck> All =>
    [
        new("eckart-young", "‖W − W*(r)‖_F² is the sum of the squares of the singular values removed", random => EckartYoung(new(random))),
        new("nested", "truncations are nested: cutting W*(R) to r < R gives W*(r)", random => Nested(new(random))),
        new("eq-18", "‖a ⊗ b‖_F = ‖a‖·‖b‖, and ‖P‖_F ≥ ‖P*(r)‖_F", random => OuterProduct(new(random))),
        new("eq-19", "‖A·B‖_F ≤ ‖A‖_F·‖B‖_F", random => Submultiplicative(new(random))),
        new("pythagoras", "‖W·h‖² = ‖W*(r)·h‖² + ‖δ·h‖²", random => Pythagoras(new(random))),
        new("example-1", "cutting W_V, W_K and W_Q together lowers UB(‖ΔW‖_F²)", random => Falls(new(random), ExampleBounds.Printed, AttentionMatrix.Value, AttentionMatrix.Key, AttentionMatrix.Query)),
        new("example-2-UB", "cutting W_Q lowers UB", random => Falls(new(random), ExampleBounds.Printed, AttentionMatrix.Query)),
        new("example-2", "Eq. 20: ‖ΔW‖_F ≤ ‖z·W_Q*(r)‖_F + ‖z·δ_Q‖_F", random => SplitQuery(new(random))),
        new("example-3-V", "Eq. 21: cutting W_V lowers UB", random => Falls(new(random), ExampleBounds.Printed, AttentionMatrix.Value)),
        new("example-3-K", "cutting W_K lowers UB", random => Falls(new(random), ExampleBounds.Printed, AttentionMatrix.Key)),
        new("example-4", "‖ΔW''‖_F ≤ ‖W_MLP*(r)·z‖_F + ‖δ·z‖_F", random => SplitMlp(new(random))),
        new("example-4-product", "cutting W_in and W_out each, as the published code does, cuts the product as Example 4 does", random => Product(new(random))) { Expected = false, Note = "two different matrices" },
        new("F2-printed", "UB as printed is an upper bound of ‖ΔW‖_F²", random => IsBound(new(random), ExampleBounds.Printed))
        {
            Expected = false,
            Note = "a factor N is missing",
            Counterexample = TwoEqualDemonstrations,
        },
        new("F2-corrected", "N·UB is one", random => IsBound(new(random), ExampleBounds.Corrected)),
        new("F2-norm", "(Σ‖W_V·hᵢ‖·‖W_K·hᵢ‖)·‖W_Q‖_F is one of ‖ΔW‖_F, and truncation lowers it too", random => NormBound(new(random))),
    ];

    private static CheckTrial EckartYoung(RandomInstance some)
    {
        var decomposition = SingularDecomposition.Of(some.Matrix(some.Size, some.Count));
        var rank = some.Random.Below(decomposition.Values.Count);
        var squares = decomposition.Values.Skip(rank).Sum(value => value * value);
        return CheckTrial.Equal(Math.Abs(decomposition.Removed(rank).SquaredNorm - squares), squares);
    }

    private static CheckTrial Nested(RandomInstance some)
    {
        var decomposition = SingularDecomposition.Of(some.Matrix(some.Size, some.Size));
        var rank = some.Rank();
        var higher = rank + some.Random.Below(some.Size - rank);
        return CheckTrial.Equal(SingularDecomposition.Of(decomposition.Truncated(higher)).Truncated(rank), decomposition.Truncated(rank));
    }

    private static CheckTrial OuterProduct(RandomInstance some)
    {
        var (a, b, matrix) = (some.Demonstrations().Column(0), some.Demonstrations().Column(0), some.Matrix(some.Size, some.Size));
        var norms = Math.Sqrt(RealMatrix.Dot(a, a) * RealMatrix.Dot(b, b));
        return CheckTrial.Worst(
            CheckTrial.Equal(Math.Abs(RealMatrix.Outer(a, b).Norm - norms), norms),
            CheckTrial.AtMost(SingularDecomposition.Of(matrix).Truncated(some.Rank()).Norm, matrix.Norm, "norm"));
    }

    private static CheckTrial Submultiplicative(RandomInstance some)
    {
        var (left, right) = (some.Matrix(some.Size, some.Count), some.Matrix(some.Count, some.Size));
        return CheckTrial.AtMost((left * right).Norm, left.Norm * right.Norm, "norm");
    }

    private static CheckTrial Pythagoras(RandomInstance some)
    {
        var (matrix, tokens, rank) = (some.Matrix(some.Size, some.Size), some.Demonstrations(), some.Rank());
        var decomposition = SingularDecomposition.Of(matrix);
        var whole = (matrix * tokens).SquaredNorm;
        return CheckTrial.Equal(Math.Abs(whole - (decomposition.Truncated(rank) * tokens).SquaredNorm - (decomposition.Removed(rank) * tokens).SquaredNorm), whole);
    }

    private static CheckTrial Falls(RandomInstance some, Func<AttentionWeights, RealMatrix, double> bound, params AttentionMatrix[] which)
    {
        var (weights, demonstrations) = (some.Weights(), some.Demonstrations());
        return CheckTrial.AtMost(bound(weights.Truncated(some.Rank(), which), demonstrations), bound(weights, demonstrations), "UB before and after");
    }

    private static CheckTrial SplitQuery(RandomInstance some)
    {
        var (weights, demonstrations) = (some.Weights(), some.Demonstrations());
        var z = weights.Value * demonstrations * (weights.Key * demonstrations).Transposed;
        return CheckTrial.AtMost(ImplicitGradient.Of(weights, demonstrations).Norm, ExampleBounds.SplitOnTheRight(z, weights.Query, some.Rank()), "norm");
    }

    private static CheckTrial SplitMlp(RandomInstance some)
    {
        var (weights, demonstrations) = (some.Weights(), some.Demonstrations());
        var mlp = new MlpForm(some.Matrix(2 * some.Size, some.Size), some.Matrix(some.Size, 2 * some.Size));
        return CheckTrial.AtMost(mlp.RelaxedUpdate(weights, demonstrations).Norm, ExampleBounds.SplitOnTheLeft(mlp.Product, ImplicitGradient.Of(weights, demonstrations), some.Rank()), "norm");
    }

    private static CheckTrial Product(RandomInstance some)
    {
        var (mlp, rank) = (new MlpForm(some.Matrix(2 * some.Size, some.Size), some.Matrix(some.Size, 2 * some.Size)), some.Rank());
        return CheckTrial.Equal(SingularDecomposition.Of(mlp.Output).Truncated(rank) * SingularDecomposition.Of(mlp.Input).Truncated(rank), SingularDecomposition.Of(mlp.Product).Truncated(rank));
    }

    private static CheckTrial IsBound(RandomInstance some, Func<AttentionWeights, RealMatrix, double> bound)
    {
        var (weights, demonstrations) = (some.Weights(), some.Demonstrations());
        if (some.Random.Below(2) == 0) demonstrations = demonstrations.Select([.. Enumerable.Repeat(0, some.Count)]);      // the worst case: all alike
        return CheckTrial.AtMost(ImplicitGradient.Of(weights, demonstrations).SquaredNorm, bound(weights, demonstrations), "UB and ‖ΔW‖²");
    }

    private static CheckTrial NormBound(RandomInstance some)
    {
        var (weights, demonstrations) = (some.Weights(), some.Demonstrations());
        var cut = weights.Truncated(some.Rank(), AttentionMatrix.Value, AttentionMatrix.Key, AttentionMatrix.Query);
        var bound = ExampleBounds.OfNorm(weights, demonstrations);
        return CheckTrial.Worst(
            CheckTrial.AtMost(ImplicitGradient.Of(weights, demonstrations).Norm, bound, "norm above the bound"),
            CheckTrial.AtMost(ExampleBounds.OfNorm(cut, demonstrations), bound, "bound"));
    }

    private static CheckTrial TwoEqualDemonstrations()
    {
        var weights = new AttentionWeights(RealMatrix.Identity(2), RealMatrix.Identity(2), RealMatrix.OfRows([1, 0], [0, 0]));
        var demonstrations = RealMatrix.OfRows([1, 1], [0, 0]);
        var (norm, bound) = (ImplicitGradient.Of(weights, demonstrations).SquaredNorm, ExampleBounds.Printed(weights, demonstrations));
        return CheckTrial.AtMost(norm, bound, "") with { Instance = FormattableString.Invariant($"h₁ = h₂ = e₁, W_V = W_K = I, W_Q = diag(1, 0): ‖ΔW‖_F² = {norm:0.####}, UB = {bound:0.####}") };
    }
}
