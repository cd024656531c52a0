using Eckart.Formats;
using TorchSharp;

namespace Eckart.Pruning;

/// <summary>Refuses matrices on which no decomposition converges.</summary>
internal static class FiniteWeights
{
    /// <summary>Looks at every weight.</summary>
    /// <param name="weight">(m, n), any float dtype and device; read only, still the caller's.</param>
    /// <param name="where">The matrix, as messages name it.</param>
    /// <exception cref="InputException">One is NaN or infinite.</exception>
    public static void Require(torch.Tensor weight, string where)
    {
        using var scope = torch.NewDisposeScope();
        if (!weight.isfinite().all().item<bool>())
            throw new InputException(where, "expected finite weights, found NaN or infinity", "take an undamaged checkpoint");
    }
}
