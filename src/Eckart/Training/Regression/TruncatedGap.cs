using System.Collections.Immutable;
using Eckart.Theory;

namespace Eckart.Training.Regression;

/// <summary>A linear attention model under one truncation: what Theorem 2 bounds, and what is there.</summary>
/// <param name="Intervention">In the notation of the command line: <c>value@0:0.5</c>, <c>attention@2:0.75</c> for all three; <c>none</c>.</param>
/// <param name="Shown">L_{H_s}: mean squared error on the N demonstrations; y has mean square 1.</param>
/// <param name="Fresh">L_μ: the same on fresh points of the same functions.</param>
/// <param name="Terms">A term of the bound a prompt and layer.</param>
public sealed record TruncatedGap(string Intervention, double Shown, double Fresh, ImmutableArray<IReadOnlyList<BoundTerm>> Terms)
{
    /// <summary>The generalisation error, L_μ − L_{H_s}.</summary>
    public double Gap => Fresh - Shown;

    /// <summary>The ε-regularised bound over the prompts, R = 1.</summary>
    /// <param name="form">What stands for ‖G_t‖².</param>
    /// <param name="epsilon">ε above 0.</param>
    public double Bound(BoundForm form, double epsilon) => new GeneralizationBound(epsilon).Of(Terms, form);
}
