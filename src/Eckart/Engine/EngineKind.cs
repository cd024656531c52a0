namespace Eckart.Engine;

/// <summary>How interventions are scored.</summary>
public enum EngineKind
{
    /// <summary>One walk over the layers serves all that is asked: <see cref="WalkEngine"/>.</summary>
    Walk,

    /// <summary>One full pass a query and intervention: <see cref="ReferenceEngine"/>.</summary>
    Reference,
}
