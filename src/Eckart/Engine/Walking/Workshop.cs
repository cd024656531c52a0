using Eckart.Engine.Arithmetic;

namespace Eckart.Engine.Walking;

/// <summary>Everything that steps of a walk work with.</summary>
/// <param name="Weights">Of the model.</param>
/// <param name="Arithmetic">Everything but products.</param>
/// <param name="Team">The workers.</param>
/// <param name="Pool">Hidden states.</param>
/// <param name="Factors">Of truncated matrices.</param>
/// <param name="Kept">Hidden states of the trunk for later walks.</param>
/// <param name="Head">The end of a pass.</param>
internal sealed record Workshop(ILayerWeights Weights, ILayerArithmetic Arithmetic, Team Team, BufferPool Pool, FactorStore Factors, KeptTrunk Kept, Head Head);
