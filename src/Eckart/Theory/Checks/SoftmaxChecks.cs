namespace Eckart.Theory.Checks;

/// <summary>Softmax attention as a kernel (A.2) and the MLP form (A.3).</summary>
internal static class SoftmaxChecks
{
    private const int Features = 2000;
    private const double FarOut = 6;        // standard deviations: of sums of 2,000 positive numbers with long tails

    public static IEnumerable<TheoryCheck> All =>
    [
        new("softmax-kernel", "Eq. 10: exp(x·y) = exp(‖x‖²/2)·exp(−‖x − y‖²/2)·exp(‖y‖²/2)", random => Kernel(new(random))),
        new("softmax-form", "Eq. 12: softmax attention is h + ΔW'·φ(W_Q·h), its normaliser a sum over N + 1 keys", random => Form(new(random))),
        new("softmax-printed", "Eq. 9 as printed: the normaliser of a query is its row's sum in A_u", random => Printed(new(random))) { Expected = false, Note = "keys index the rows: it is the column's" },
        new("positive-features", "φ(x)·φ(y) estimates exp(x·y): within six standard deviations of 2,000 features", random => RandomFeatures(new(random))) { OneIn = 4, Allowed = 0.01, Note = "the error is what random features give: about 1/√m" },
        new("softmax-rank", "rank ΔW' ≤ rank H_s, with random features as φ", random => Rank(new(random))) { OneIn = 4 },
        new("mlp-form", "without relu, the MLP layer takes the test token to (I + ΔW'')·h", random => Relaxed(new(random))),
        new("mlp-relu", "with relu, the MLP layer takes the test token to (I + ΔW'')·h", random => WithRelu(new(random))) { Expected = false, Note = "the paper's analysis leaves relu out" },
    ];

    private static CheckTrial Kernel(RandomInstance some)
    {
        var (x, y) = (some.Demonstrations().Column(0), some.Demonstrations().Column(0));
        var exact = SoftmaxAttention.Kernel(x, y);
        var product = Math.Exp(RealMatrix.Dot(x, x) / 2) * SoftmaxAttention.GaussianKernel(x, y) * Math.Exp(RealMatrix.Dot(y, y) / 2);
        return CheckTrial.Equal(Math.Abs(product - exact), exact);
    }

    private static CheckTrial Form(RandomInstance some)
    {
        var (weights, context) = (some.Weights(), some.Context());
        return CheckTrial.Equal(Vector(SoftmaxAttention.ByKernel(weights, context)), Vector(SoftmaxAttention.Attend(weights, context)));
    }

    private static CheckTrial Printed(RandomInstance some)
    {
        var (weights, context) = (some.Weights(), some.Context());
        var scores = SoftmaxAttention.Unnormalised(weights, context);
        var byRow = RealMatrix.Of(scores.Rows, 1, (i, _) => scores[i, context.Count] / scores.Row(i).ToArray().Sum());
        return CheckTrial.Equal(context.Test + (weights.Value * context.Tokens * TokenContext.Mask(context.Count) * byRow), Vector(SoftmaxAttention.Attend(weights, context)));
    }

    private static CheckTrial RandomFeatures(RandomInstance some)
    {
        var (x, y) = (some.Demonstrations().Column(0), some.Demonstrations().Column(0));
        var features = new PositiveFeatures(some.Random, Features, some.Size);
        var (exact, found) = (SoftmaxAttention.Kernel(x, y), RealMatrix.Dot(features.Of(x), features.Of(y)));
        return new CheckTrial(Math.Abs(found - exact) / exact, Math.Abs(found - exact) > FarOut * features.Deviation(x, y), FormattableString.Invariant($"{found:0.0000} for {exact:0.0000}"));
    }

    private static CheckTrial Rank(RandomInstance some)
    {
        var (weights, context) = (some.Weights(), some.Context());
        var update = SoftmaxAttention.Update(weights, context, new PositiveFeatures(some.Random, 50, some.Size));
        var values = SingularDecomposition.Of(update.Transposed).Values;
        return CheckTrial.AtMost(values.Count(value => value > 1e-10 * values[0]), ImplicitGradient.RankBound(context.Demonstrations), "rank");
    }

    private static (AttentionWeights Weights, MlpForm Mlp, TokenContext Context) Mlp(RandomInstance some)
    {
        int inner = 2 + some.Random.Below(4), wide = 2 + some.Random.Below(8);
        return (new AttentionWeights(some.Matrix(inner, some.Size), some.Matrix(inner, some.Size), some.Matrix(inner, some.Size)), new MlpForm(some.Matrix(wide, inner), some.Matrix(some.Size, wide)), some.Context());
    }

    private static CheckTrial Relaxed(RandomInstance some)
    {
        var (weights, mlp, context) = Mlp(some);
        var tokens = context.Tokens;
        var layer = mlp.Output * (mlp.Input * (weights.Value * tokens * TokenContext.Mask(context.Count) * (weights.Key * tokens).Transposed * weights.Query * context.Test));
        return CheckTrial.Equal(context.Test + (mlp.RelaxedUpdate(weights, context.Demonstrations) * context.Test), context.Test + layer);
    }

    private static CheckTrial WithRelu(RandomInstance some)
    {
        var (weights, mlp, context) = Mlp(some);
        return CheckTrial.Equal(context.Test + (mlp.RelaxedUpdate(weights, context.Demonstrations) * context.Test), Vector(mlp.Attend(weights, context)));
    }

    private static RealMatrix Vector(double[] values) => RealMatrix.Of(values.Length, 1, values);
}
