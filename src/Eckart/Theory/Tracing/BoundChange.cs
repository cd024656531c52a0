using System.Collections.Immutable;
using Eckart.Formats;

namespace Eckart.Theory.Tracing;

/// <summary>What an intervention does to the ε-regularised bound of one prompt. A bound itself is never given: −(d − N) log ε decides its size, and only differences at one ε mean anything.</summary>
/// <param name="Epsilon">ε.</param>
/// <param name="Form">What stands for ‖G_t‖².</param>
/// <param name="Difference">The bound after, less before, for R = 1.</param>
/// <param name="Layers">Of each layer's term under the root, d log(A₁/d) − A₂, likewise.</param>
public sealed record BoundChange(double Epsilon, BoundForm Form, double Difference, ImmutableArray<double> Layers)
{
    /// <summary>Compares two models at one prompt.</summary>
    /// <param name="before">A term a layer of the unedited model.</param>
    /// <param name="after">Likewise of the edited one.</param>
    /// <param name="form">Not <see cref="BoundForm.Centred"/>, which is a mean over prompts.</param>
    /// <param name="epsilon">ε above 0.</param>
    /// <exception cref="InputException">ε is not above 0.</exception>
    public static BoundChange Of(IReadOnlyList<BoundTerm> before, IReadOnlyList<BoundTerm> after, BoundForm form, double epsilon)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var bound = new GeneralizationBound(epsilon);
        return new BoundChange(epsilon, form, bound.Of(after, form) - bound.Of(before, form), [.. before.Zip(after, (one, other) => other.Summand(form, epsilon) - one.Summand(form, epsilon))]);
    }
}
