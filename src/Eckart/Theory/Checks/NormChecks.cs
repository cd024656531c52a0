namespace Eckart.Theory.Checks;

/// <summary>Whether truncation lowers the norm itself, of one layer: single head (F3), several heads with an output projection (F4), MLP (F5), softmax (F6).</summary>
internal static class NormChecks
{
    public static IEnumerable<TheoryCheck> All =>
    [
        new("F3-V", "one head: cutting W_V lowers ‖ΔW‖_F", random => Single(new(random), AttentionMatrix.Value)) { Note = "a projection from the left" },
        new("F3-Q", "one head: cutting W_Q lowers ‖ΔW‖_F", random => Single(new(random), AttentionMatrix.Query)) { Note = "a projection from the right" },
        new("F3-K", "one head: cutting W_K lowers ‖ΔW‖_F", random => Single(new(random), AttentionMatrix.Key)) { Expected = false, Note = "the projection sits in the middle", Counterexample = KeyRaises },
        new("F3-all", "one head: cutting all three lowers ‖ΔW‖_F", random => Single(new(random), AttentionMatrix.Value, AttentionMatrix.Key, AttentionMatrix.Query)) { Expected = false },
        new("F4-O", "several heads: cutting W_O lowers ‖ΔW‖_F", random => Heads(new(random), output: true)),
        new("F4-Q", "several heads: cutting the stacked W_Q lowers ‖ΔW‖_F", random => Heads(new(random), output: false, AttentionMatrix.Query)) { Note = "with rotary embeddings and grouped queries too: they act after it" },
        new("F4-V", "several heads: cutting the stacked W_V lowers ‖ΔW‖_F", random => Heads(new(random), output: false, AttentionMatrix.Value)) { Expected = false, Note = "its heads share the singular vectors that are cut" },
        new("F4-K", "several heads: cutting the stacked W_K lowers ‖ΔW‖_F", random => Heads(new(random), output: false, AttentionMatrix.Key)) { Expected = false },
        new("F4-all", "several heads: cutting all four lowers ‖ΔW‖_F", random => Heads(new(random), output: true, AttentionMatrix.Value, AttentionMatrix.Key, AttentionMatrix.Query)) { Expected = false },
        new("F5-out", "MLP: cutting W_out lowers ‖ΔW''‖_F", random => Mlp(new(random), output: true)),
        new("F5-in", "MLP: cutting W_in lowers ‖ΔW''‖_F", random => Mlp(new(random), output: false)) { Expected = false },
        new("F5-out-relu", "MLP with relu: cutting W_out lowers what is added to the token", random => MlpRelu(new(random), output: true)),
        new("F5-in-relu", "MLP with relu: cutting W_in lowers what is added to the token", random => MlpRelu(new(random), output: false)) { Expected = false },
        new("F5-down", "gated MLP: cutting W_down lowers what is added to the token", random => Gated(new(random), cut: 2)),
        new("F5-gate", "gated MLP: cutting W_gate lowers what is added to the token", random => Gated(new(random), cut: 0)) { Expected = false },
        new("F5-up", "gated MLP: cutting W_up lowers what is added to the token", random => Gated(new(random), cut: 1)) { Expected = false },
        new("F6-V", "softmax: cutting W_V lowers what is added to the token", random => Softmax(new(random), AttentionMatrix.Value)),
        new("F6-Q", "softmax: cutting W_Q lowers what is added to the token", random => Softmax(new(random), AttentionMatrix.Query)) { Expected = false },
        new("F6-K", "softmax: cutting W_K lowers what is added to the token", random => Softmax(new(random), AttentionMatrix.Key)) { Expected = false },
    ];

    private static CheckTrial Single(RandomInstance some, params AttentionMatrix[] which)
    {
        var (weights, demonstrations) = (some.Weights(), some.Demonstrations());
        return Norms(ImplicitGradient.Of(weights, demonstrations), ImplicitGradient.Of(weights.Truncated(some.Rank(), which), demonstrations));
    }

    private static CheckTrial Heads(RandomInstance some, bool output, params AttentionMatrix[] which)
    {
        var (count, size, demonstrations) = (2 + some.Random.Below(2), 2 + some.Random.Below(2), some.Demonstrations());
        var stacked = new AttentionWeights(some.Matrix(count * size, some.Size), some.Matrix(count * size, some.Size), some.Matrix(count * size, some.Size));
        var weights = new MultiHeadWeights(stacked, some.Matrix(some.Size, count * size), count);
        var rank = 1 + some.Random.Below(Math.Min(some.Size, count * size) - 1);
        var cut = new MultiHeadWeights(stacked.Truncated(rank, which), output ? SingularDecomposition.Of(weights.Output).Truncated(rank) : weights.Output, count);
        return Norms(weights.Update(demonstrations), cut.Update(demonstrations));
    }

    private static (MlpForm Whole, MlpForm Cut) Cut(RandomInstance some, bool output)
    {
        var whole = new MlpForm(some.Matrix(2 * some.Size, some.Size), some.Matrix(some.Size, 2 * some.Size));
        var rank = some.Rank();
        return (whole, output ? whole with { Output = SingularDecomposition.Of(whole.Output).Truncated(rank) } : whole with { Input = SingularDecomposition.Of(whole.Input).Truncated(rank) });
    }

    private static CheckTrial Mlp(RandomInstance some, bool output)
    {
        var (weights, demonstrations) = (some.Weights(), some.Demonstrations());
        var (whole, cut) = Cut(some, output);
        return Norms(whole.RelaxedUpdate(weights, demonstrations), cut.RelaxedUpdate(weights, demonstrations));
    }

    private static CheckTrial MlpRelu(RandomInstance some, bool output)
    {
        var (weights, context) = (some.Weights(), some.Context());
        var (whole, cut) = Cut(some, output);
        return Norms(Vector(whole.Attend(weights, context)) - context.Test, Vector(cut.Attend(weights, context)) - context.Test);
    }

    // W_down·(silu(W_gate·x) ∘ W_up·x), as LLaMA has it; cut: which of gate, up and down.
    private static CheckTrial Gated(RandomInstance some, int cut)
    {
        RealMatrix[] whole = [some.Matrix(2 * some.Size, some.Size), some.Matrix(2 * some.Size, some.Size), some.Matrix(some.Size, 2 * some.Size)];
        var (token, rank) = (some.Context().Test, some.Rank());
        RealMatrix Added(RealMatrix[] of) => of[2] * RealMatrix.Hadamard((of[0] * token).Map(value => value / (1 + Math.Exp(-value))), of[1] * token);
        return Norms(Added(whole), Added([.. whole.Select((matrix, at) => at == cut ? SingularDecomposition.Of(matrix).Truncated(rank) : matrix)]));
    }

    private static CheckTrial Softmax(RandomInstance some, AttentionMatrix which)
    {
        var (weights, context) = (some.Weights(), some.Context());
        var cut = weights.Truncated(some.Rank(), which);
        return Norms(Vector(SoftmaxAttention.Attend(weights, context)) - context.Test, Vector(SoftmaxAttention.Attend(cut, context)) - context.Test);
    }

    private static CheckTrial KeyRaises()
    {
        var weights = new AttentionWeights(RealMatrix.OfRows([1, 1], [0, 0.1]), RealMatrix.OfRows([1, 0], [0, 0.9]), RealMatrix.OfRows([1, 0], [-1, 0.1]));
        var demonstrations = RealMatrix.Identity(2);
        var cut = weights.Truncated(1, AttentionMatrix.Key);
        var (before, after) = (ImplicitGradient.Of(weights, demonstrations).Norm, ImplicitGradient.Of(cut, demonstrations).Norm);
        return CheckTrial.AtMost(after, before, "") with { Instance = FormattableString.Invariant($"H_s = I, W_V = [[1, 1], [0, 0.1]], W_K = diag(1, 0.9), W_Q = [[1, 0], [−1, 0.1]], rank 1: ‖ΔW‖_F from {before:0.0000} to {after:0.0000}, UB from {ExampleBounds.Printed(weights, demonstrations):0.000} to {ExampleBounds.Printed(cut, demonstrations):0.000}") };
    }

    private static CheckTrial Norms(RealMatrix before, RealMatrix after) => CheckTrial.AtMost(after.Norm, before.Norm, "norm before and after");

    private static RealMatrix Vector(double[] values) => RealMatrix.Of(values.Length, 1, values);
}
