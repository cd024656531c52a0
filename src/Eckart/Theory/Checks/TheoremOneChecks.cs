namespace Eckart.Theory.Checks;

/// <summary>Theorem 1 and Remark 2, with the paper's mask and under a causal one.</summary>
internal static class TheoremOneChecks
{
    private const int Layers = 6;

    public static IEnumerable<TheoryCheck> All =>
    [
        new("theorem-1", "after every layer, test token and demonstrations are (I + W_t) times what they were at first", random => Tokens(new(random))),
        new("theorem-1-product", "I + W_t is the product of I + ΔW_j, the last layer leftmost", random => Product(new(random))),
        new("theorem-1-printed", "as printed, the sum up to t is over G_t: h^t = (I + t·G_t)·h⁰", random => Printed(new(random))) { Expected = false, Note = "a misprint for G_j" },
        new("theorem-1-causal", "under a causal mask h^t = (I + W_t)·h⁰ for the test token, ΔW_t taken of the demonstrations as layer t reads them", random => CausalToken(new(random))),
        new("remark-2", "G_t depends on W_{t−1}, H_s and the layer's weights alone", random => ClosedForm(Trajectory.Of, new(random))),
        new("remark-2-causal", "the same under a causal mask", random => ClosedForm(LemmaOneChecks.Causal, new(random))) { Expected = false, Note = "a real model's ΔW_t takes its captured states" },
    ];

    private static CheckTrial Tokens(RandomInstance some)
    {
        var (layers, context) = (some.Layers(Layers), some.Context());
        var trajectory = Trajectory.Of(layers, context.Demonstrations);
        var (now, path, trials) = (context, trajectory.PathOf(context.Test.Column(0)), new List<CheckTrial>());
        for (var t = 0; t < Layers; t++)
        {
            var after = ImplicitGradient.Attend(layers[t], now);
            now = new TokenContext(after.First(some.Count), after.Column(some.Count));
            trials.Add(CheckTrial.Equal(RealMatrix.Of(some.Size, 1, path[t + 1]), now.Test));
            trials.Add(CheckTrial.Equal(context.Demonstrations + (trajectory.Steps[t].After * context.Demonstrations), now.Demonstrations));
        }

        return CheckTrial.Worst(trials);
    }

    private static CheckTrial Product(RandomInstance some)
    {
        var trajectory = Trajectory.Of(some.Layers(Layers), some.Demonstrations());
        var identity = RealMatrix.Identity(some.Size);
        return CheckTrial.Equal(trajectory.Operator, trajectory.Steps.Aggregate(identity, (product, step) => (identity + step.Update) * product));
    }

    private static CheckTrial Printed(RandomInstance some)
    {
        var trajectory = Trajectory.Of(some.Layers(2), some.Demonstrations());
        return CheckTrial.Equal(RealMatrix.Identity(some.Size) + (2 * trajectory.Steps[1].Gradient), trajectory.Operator);
    }

    private static CheckTrial CausalToken(RandomInstance some)
    {
        var (layers, context) = (some.Layers(Layers), some.Context());
        var (states, test) = (context.Demonstrations, context.Test);
        foreach (var layer in layers)
        {
            test = ImplicitGradient.Attend(layer, new TokenContext(states, test.Column(0))).Select([some.Count]);
            states = ImplicitGradient.AttendCausally(layer, states);
        }

        return CheckTrial.Equal(RealMatrix.Of(some.Size, 1, LemmaOneChecks.Causal(layers, context.Demonstrations).PathOf(context.Test.Column(0))[^1]), test);
    }

    private static CheckTrial ClosedForm(Func<AttentionWeights[], RealMatrix, Trajectory> run, RandomInstance some)
    {
        var (layers, demonstrations) = (some.Layers(3), some.Demonstrations());
        return CheckTrial.Worst(run(layers, demonstrations).Steps.Select(step => CheckTrial.Equal(ImplicitGradient.FromMoment(step.Weights, step.Operator * demonstrations) * step.Operator, step.Gradient)));
    }
}
