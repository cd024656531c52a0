using TorchSharp;

namespace Eckart.Models;

/// <summary>Sums in place whose factor lives as long as the program.</summary>
/// <remarks>TorchSharp's own <c>add_</c> makes a number for its factor 1 and lets the collector free it before libtorch has read it; so with every plain number that is passed where a scalar is asked for.</remarks>
internal static class InPlaceSum
{
    private static readonly Scalar Once = 1;

    /// <summary>x += y.</summary>
    /// <returns><paramref name="x"/>.</returns>
    public static torch.Tensor Plus(this torch.Tensor x, torch.Tensor y) => x.add_(y, Once);

    /// <summary>x += y.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">Held by the caller.</param>
    /// <returns><paramref name="x"/>.</returns>
    public static torch.Tensor Plus(this torch.Tensor x, Scalar y) => x.add_(y, Once);
}
