using System.Collections.Immutable;
using Eckart.Models;

namespace Eckart.Training;

/// <summary>Where a weight or bias lies in the flat memory of all parameters.</summary>
/// <param name="Part">Which part.</param>
/// <param name="Layer">Zero-based layer; 0 for parts outside the layers.</param>
/// <param name="Bias">Whether it is the part's bias.</param>
/// <param name="Shape">Its shape, by the spec.</param>
/// <param name="Offset">Its first number.</param>
internal sealed record ParameterSlot(Part Part, int Layer, bool Bias, ImmutableArray<long> Shape, long Offset)
{
    /// <summary>Numbers.</summary>
    public long Count { get; } = Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether it is decayed: matrices are, norms and biases are not.</summary>
    public bool IsMatrix => Shape.Length == 2;
}
