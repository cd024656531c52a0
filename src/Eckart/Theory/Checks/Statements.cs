using System.Collections.Immutable;

namespace Eckart.Theory.Checks;

/// <summary>Every statement of the paper that is checked, in its order.</summary>
public static class Statements
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<TheoryCheck> All { get; } =
    [
        .. LemmaOneChecks.All,
        .. TheoremOneChecks.All,
        .. SoftmaxChecks.All,
        .. CovarianceChecks.All,
        .. NoiseChecks.All,
        .. InformationChecks.All,
        .. BoundChecks.All,
        .. ExampleChecks.All,
        .. NormChecks.All,
        .. LaterLayerChecks.All,
        .. ConditionChecks.All,
    ];
}
