using Eckart.Formats;

namespace Eckart.Theory;

/// <summary>Theorem 2 and Lemma 6, ε-regularised: gen ≤ √(R²/N·Σ_t [d·log(A₁(t)/d) − A₂(t)]) with A₁ = E[‖G_t − g̃_t‖² + tr(C_t + εI)], A₂ = E[log det(C_t + εI)].</summary>
/// <remarks><b>Source</b>: the paper, Lemma 6 and Theorem 2. <b>Deviation</b>: without ε both are +∞ for every model, as C_t is singular; with it −(d − N)·log ε dominates, so that only differences at one ε
/// mean anything. Over several prompts the mean over them stays inside the logarithm: with it outside, as the paper's last display has it, the number is smaller and no bound follows. One prior for all
/// prompts is taken, whatever W_{t−1} is, which is valid and may only be looser.</remarks>
/// <param name="epsilon">ε above 0.</param>
/// <param name="deviation">R, of the loss's sub-Gaussian tails.</param>
public sealed class GeneralizationBound(double epsilon, double deviation = 1)
{
    /// <summary>The bound over a sample of prompts.</summary>
    /// <param name="prompts">A term a layer and prompt; equally many layers each.</param>
    /// <param name="form">What stands for ‖G_t − g̃_t‖².</param>
    /// <exception cref="InputException">No prompts, different numbers of layers or demonstrations, or ε not above 0.</exception>
    public double Of(IReadOnlyList<IReadOnlyList<BoundTerm>> prompts, BoundForm form)
    {
        Check(prompts);
        return Root(prompts, Enumerable.Range(0, prompts[0].Count).Sum(layer => Summand([.. prompts.Select(terms => terms[layer])], form)));
    }

    /// <summary>The bound for one fixed prompt.</summary>
    /// <param name="terms">A term a layer.</param>
    /// <param name="form">What stands for ‖G_t‖²; the centred one is tr C_t alone here.</param>
    public double Of(IReadOnlyList<BoundTerm> terms, BoundForm form) => Of([terms], form);

    /// <summary>As the last display of Lemma 6 has it: the mean over prompts outside the logarithm. Smaller, and not proved.</summary>
    /// <param name="prompts">A term a layer and prompt.</param>
    /// <param name="form">Not <see cref="BoundForm.Centred"/>.</param>
    public double MeanOutside(IReadOnlyList<IReadOnlyList<BoundTerm>> prompts, BoundForm form)
    {
        Check(prompts);
        return Root(prompts, prompts.Average(terms => terms.Sum(term => term.Summand(form, epsilon))));
    }

    /// <summary>One layer's d·log(A₁/d) − A₂ over prompts.</summary>
    /// <param name="terms">One a prompt.</param>
    /// <param name="form">What stands for ‖G_t − g̃_t‖².</param>
    public double Summand(IReadOnlyList<BoundTerm> terms, BoundForm form)
    {
        ArgumentNullException.ThrowIfNull(terms);
        double d = terms[0].Covariance.Dimension;
        var squared = form == BoundForm.Centred ? Spread(terms) : terms.Average(term => term.SquaredNorm(form));
        var mean = squared + terms.Average(term => term.Covariance.TraceWith(epsilon));
        return (d * Math.Log(mean / d)) - terms.Average(term => term.Covariance.LogDeterminant(epsilon));
    }

    // E‖G − E G‖² = E‖G‖² − ‖E G‖², by inner products alone; never below 0 but for rounding.
    private static double Spread(IReadOnlyList<BoundTerm> terms)
    {
        var ofMean = terms.Sum(one => terms.Sum(other => one.Gradients.Inner(other.Gradients))) / ((double)terms.Count * terms.Count);
        return Math.Max(0, terms.Average(term => term.GradientSquared) - ofMean);
    }

    private double Root(IReadOnlyList<IReadOnlyList<BoundTerm>> prompts, double sum) =>
        Math.Sqrt(Math.Max(0, deviation * deviation / prompts[0][0].Gradients.Count * sum));

    private static void Check(IReadOnlyList<IReadOnlyList<BoundTerm>> prompts)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        if (prompts.Count == 0 || prompts[0].Count == 0 || prompts.Any(terms => terms.Count != prompts[0].Count || terms[0].Gradients.Count != prompts[0][0].Gradients.Count))
            throw new InputException("bound", "expected prompts of equally many layers and demonstrations, at least one of each, found others", "compare like with like");
    }
}
