namespace Eckart.Pruning;

/// <summary>Which decomposition truncates.</summary>
public enum SvdKind
{
    /// <summary>The exact one: the best approximation of its rank.</summary>
    Exact,

    /// <summary>The authors' randomised one, seeded.</summary>
    Randomized,
}
