namespace Eckart.Theory.Checks;

/// <summary>The dual form, the mask, Lemma 1, and Remarks 1 and 6.</summary>
internal static class LemmaOneChecks
{
    private const double NoRank = 1e-10;        // of the largest singular value of a product, whose small ones are rounding

    public static IEnumerable<TheoryCheck> All =>
    [
        new("dual-form", "Eq. 5 to 7: a linear layer after a step of gradient descent is the layer plus linear attention to its training inputs", random => DualForm(new(random))),
        new("mask", "B.1: H·M = [H_s, 0], so that no token reads the test token", random => Mask(new(random))),
        new("lemma-1", "a linear attention layer takes the test token to (I + ΔW_icl)·h", random => Layer(new(random))),
        new("lemma-1-forms", "the three forms of ΔW_icl are equal", random => Forms(new(random))),
        new("remark-1-rank", "rank ΔW_icl ≤ rank H_s ≤ N", random => Rank(new(random))) { Note = "half of the instances have a demonstration twice" },
        new("remark-1-order", "Remark 1: the order of the demonstrations changes nothing, through any number of layers", random => Order(new(random))),
        new("remark-1-order-causal", "the order changes nothing where a demonstration reads those before it only, as in a language model", random => CausalOrder(new(random))) { Expected = false, Note = "exact for one layer only" },
        new("remark-6", "ΔW of N demonstrations less ΔW of N' is the sum over those between", random => Further(new(random))),
    ];

    private static CheckTrial DualForm(RandomInstance some)
    {
        var (weight, inputs, targets) = (some.Matrix(some.Size, some.Size), some.Demonstrations(), RealMatrix.Normal(some.Random, some.Size, some.Count));
        var query = some.Demonstrations().Column(0);
        var gradients = (weight * inputs) - targets;                            // of ½·‖W·x − y‖² by W·x
        var rate = some.Random.Uniform();
        var stepped = weight - (rate * (gradients * inputs.Transposed));         // the step itself, by W
        var attended = LinearDual.Attention(LinearDual.ErrorSignals(gradients, rate), inputs, query);
        return CheckTrial.Equal(Vector(stepped.Times(query)), Vector(weight.Times(query)) + Vector(attended));
    }

    private static CheckTrial Mask(RandomInstance some)
    {
        var (weights, context) = (some.Weights(), some.Context());
        var masked = context.Tokens * TokenContext.Mask(context.Count);
        var other = new TokenContext(context.Demonstrations, Array.ConvertAll(context.Test.Column(0), value => value + 1));
        return CheckTrial.Worst(
            CheckTrial.Equal(masked, context.Demonstrations.Beside(RealMatrix.Zero(some.Size, 1))),
            CheckTrial.Equal(ImplicitGradient.Attend(weights, context).First(context.Count), ImplicitGradient.Attend(weights, other).First(context.Count)));
    }

    private static CheckTrial Layer(RandomInstance some)
    {
        var (weights, context) = (some.Weights(), some.Context());
        return CheckTrial.Equal(ImplicitGradient.Attend(weights, context).Select([context.Count]), context.Test + (ImplicitGradient.AsSumOfOuterProducts(weights, context.Demonstrations) * context.Test));
    }

    private static CheckTrial Forms(RandomInstance some)
    {
        var (weights, demonstrations) = (some.Weights(), some.Demonstrations());
        var direct = ImplicitGradient.Of(weights, demonstrations);
        return CheckTrial.Worst(
            CheckTrial.Equal(ImplicitGradient.AsSumOfOuterProducts(weights, demonstrations), direct),
            CheckTrial.Equal(ImplicitGradient.FromMoment(weights, demonstrations), direct));
    }

    private static CheckTrial Rank(RandomInstance some)
    {
        var (weights, demonstrations) = (some.Weights(), some.Demonstrations());
        if (some.Random.Below(2) == 0) demonstrations = demonstrations.Select([.. Enumerable.Range(0, some.Count).Select(i => Math.Max(1, i))]);
        var values = SingularDecomposition.Of(ImplicitGradient.Of(weights, demonstrations)).Values;
        var bound = ImplicitGradient.RankBound(demonstrations);
        return CheckTrial.Worst(CheckTrial.AtMost(values.Count(value => value > NoRank * values[0]), bound, "rank"), CheckTrial.AtMost(bound, some.Count, "rank of H_s"));
    }

    private static CheckTrial Order(RandomInstance some)
    {
        var (layers, demonstrations) = (some.Layers(3), some.Demonstrations());
        return CheckTrial.Equal(Trajectory.Of(layers, demonstrations.Select(some.Order())).Operator, Trajectory.Of(layers, demonstrations).Operator);
    }

    private static CheckTrial CausalOrder(RandomInstance some)
    {
        var (layers, demonstrations) = (some.Layers(3), some.Demonstrations());
        return CheckTrial.Equal(Causal(layers, demonstrations.Select(some.Order())).Operator, Causal(layers, demonstrations).Operator);
    }

    /// <summary>The trajectory of a causal model: the demonstrations as each layer reads them.</summary>
    internal static Trajectory Causal(AttentionWeights[] layers, RealMatrix demonstrations)
    {
        List<RealMatrix> states = [demonstrations];
        foreach (var layer in layers[..^1]) states.Add(ImplicitGradient.AttendCausally(layer, states[^1]));
        return Trajectory.Through(layers, states);
    }

    private static CheckTrial Further(RandomInstance some)
    {
        var (weights, demonstrations) = (some.Weights(), some.Demonstrations());
        var kept = 1 + some.Random.Below(some.Count - 1);
        var whole = ImplicitGradient.Of(weights, demonstrations);
        return CheckTrial.Equal((whole - ImplicitGradient.Of(weights, demonstrations.First(kept)) - ImplicitGradient.OfFurther(weights, demonstrations, kept)).Norm, whole.Norm);
    }

    private static RealMatrix Vector(double[] values) => RealMatrix.Of(values.Length, 1, values);
}
