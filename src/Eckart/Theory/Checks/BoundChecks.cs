namespace Eckart.Theory.Checks;

/// <summary>Lemma 6, Theorem 2, and what B.6 says of leaving layers out.</summary>
internal static class BoundChecks
{
    private const double Epsilon = 1e-3;
    private static readonly GaussianMixture RarePrompt = new([0.99, 0.01], [0, 5], [1, 1]);

    public static IEnumerable<TheoryCheck> All =>
    [
        new("lemma-6", "½·[d·log(A₁/d) − A₂] bounds the information of a noisy gradient, the mean over prompts inside the logarithm", random => LemmaSix(GaussianMixture.Draw(random))) { OneIn = 4, Note = "the information by integration, d = 1" },
        new("T2-equality", "Lemma 6's last step, the mean moved out of the logarithm, is an equality", random => Equality(GaussianMixture.Draw(random))) { Expected = false, Note = "an equality for one fixed prompt only (Jensen)" },
        new("T2-outside", "what stands there still bounds the information", random => Outside(GaussianMixture.Draw(random)))
        {
            OneIn = 4,
            Expected = false,
            Note = "so that the last display of Lemma 6, and Theorem 2, do not follow for random prompts; the A₁, A₂ form does",
            Counterexample = () => Outside(RarePrompt) with { Instance = FormattableString.Invariant($"G = 5 with probability 0.01, else 0, and C = 1: the display gives {RarePrompt.MeanOutside:0.0000}, the information is {RarePrompt.Information:0.0000}") },
        },
        new("T5-mean", "g̃ = E G_t gives a bound no larger than g̃ = 0 does", random => Mean(GaussianMixture.Draw(random))),
        new("T5-zero", "g̃ = 0 is the best choice", random => CheckZero(GaussianMixture.Draw(random))) { Expected = false, Note = "the mean over prompts is" },
        new("theorem-2", "Theorem 2 ≥ its spectral form ≥ Lemma 6 at g̃ = 0 ≥ 0, layer by layer, ε = 1e-3", random => Chain(new(random))),
        new("T4-loose", "at the first layer Theorem 2 has D·‖ΔW_1‖_F² where ‖ΔW_1‖_F² would do", random => Loose(new(random))) { Note = "‖I‖_F² = D, ‖I‖₂ = 1" },
        new("B.6-last", "leaving out the last layer never raises the bound", random => LeaveOut(new(random), last: true)),
        new("B.6-inner", "leaving out an earlier layer never raises the bound", random => LeaveOut(new(random), last: false)) { Expected = false, Note = "rare: a layer that silences those after it", Counterexample = SilentLayer },
        new("B.6-printed", "B.6's display: ‖G_t‖_F² ≤ ‖ΔW_t‖_F²·‖G_t‖_F²", random => PrintedDisplay(new(random))) { Expected = false, Note = "a misprint for ‖I + W_{t−1}‖_F²" },
    ];

    private static CheckTrial LemmaSix(GaussianMixture prompts) => CheckTrial.AtMost(prompts.Information, prompts.BoundAtMean, "bound and information");

    private static CheckTrial Mean(GaussianMixture prompts) => CheckTrial.AtMost(prompts.BoundAtMean, prompts.BoundAtZero, "bound at 0 and at the mean");

    private static CheckTrial CheckZero(GaussianMixture prompts) => CheckTrial.AtMost(prompts.BoundAtZero, prompts.BoundAtMean, "bound at the mean and at 0");

    private static CheckTrial Equality(GaussianMixture prompts) => CheckTrial.Equal(Math.Abs(prompts.MeanOutside - prompts.BoundAtZero), prompts.BoundAtZero);

    private static CheckTrial Outside(GaussianMixture prompts) => CheckTrial.AtMost(prompts.Information, prompts.MeanOutside, "display and information");

    private static BoundTerm[] Terms(IReadOnlyList<AttentionWeights> layers, RealMatrix demonstrations, int given) =>
        [.. Trajectory.Of(layers, demonstrations).Steps.Select(step => BoundTerm.Of(step, given))];

    private static int Given(RandomInstance some) => 1 + some.Random.Below(some.Count - 1);

    private static CheckTrial Chain(RandomInstance some)
    {
        var terms = Terms(some.Layers(3), some.Demonstrations(), Given(some));
        return CheckTrial.Worst(terms.SelectMany(term => new[]
        {
            CheckTrial.AtMost(term.SquaredNorm(BoundForm.Spectral), term.SquaredNorm(BoundForm.Printed), "printed and spectral form"),
            CheckTrial.AtMost(term.SquaredNorm(BoundForm.Gradient), term.SquaredNorm(BoundForm.Spectral), "spectral form and gradient"),
            CheckTrial.AtMost(-term.Summand(BoundForm.Gradient, Epsilon), 1e-9, "0 and a summand's negative"),
        }));
    }

    private static CheckTrial Loose(RandomInstance some)
    {
        var first = Terms(some.Layers(1), some.Demonstrations(), 1)[0];
        return CheckTrial.Equal(Math.Abs(first.SquaredNorm(BoundForm.Printed) - (some.Size * first.SquaredNorm(BoundForm.Gradient))), first.SquaredNorm(BoundForm.Printed));
    }

    private static CheckTrial LeaveOut(RandomInstance some, bool last)
    {
        var (layers, demonstrations, given) = (some.Layers(3), some.Demonstrations(), Given(some));
        var bound = new GeneralizationBound(Epsilon);
        AttentionWeights[] fewer = [.. layers.Where((_, layer) => layer != (last ? 2 : 1))];
        return CheckTrial.AtMost(
            bound.Of(Terms(fewer, demonstrations, given), BoundForm.Printed), bound.Of(Terms(layers, demonstrations, given), BoundForm.Printed), "bound with the layer and without it");
    }

    // ΔW_1 = −I takes every token to 0: nothing is left for the layers after it, until it is left out.
    private static CheckTrial SilentLayer()
    {
        var (identity, bound) = (RealMatrix.Identity(3), new GeneralizationBound(Epsilon));
        var plain = new AttentionWeights(identity, identity, identity);
        AttentionWeights[] layers = [new(-1 * identity, identity, identity), plain, plain];
        var (whole, fewer) = (bound.Of(Terms(layers, identity, 1), BoundForm.Gradient), bound.Of(Terms(layers[1..], identity, 1), BoundForm.Gradient));
        return CheckTrial.AtMost(fewer, whole, "") with { Instance = FormattableString.Invariant($"H_s = I, three layers of identities but W_V = −I in the first: leaving it out takes Lemma 6's bound from {whole:0.000} to {fewer:0.000}") };
    }

    private static CheckTrial PrintedDisplay(RandomInstance some)
    {
        var step = Trajectory.Of(some.Layers(2), some.Demonstrations()).Steps[1];
        return CheckTrial.AtMost(step.Gradient.SquaredNorm, step.Update.SquaredNorm * step.Gradient.SquaredNorm, "the display and ‖G_t‖_F²");
    }
}
