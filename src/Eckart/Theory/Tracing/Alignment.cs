using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>How one vector stands to another. What has no value, as beside a vector of zeros, is NaN.</summary>
/// <param name="Share">The part of the other that it makes up along it: a·b / b·b.</param>
/// <param name="Error">‖a − b‖ / ‖b‖.</param>
/// <param name="Cosine">a·b / ‖a‖‖b‖.</param>
internal readonly record struct Alignment(double Share, double Error, double Cosine)
{
    /// <summary>Compares two vectors.</summary>
    /// <param name="a">(n), float64.</param>
    /// <param name="b">(n), float64: what it is held to.</param>
    public static Alignment Of(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        var (product, own, other, apart) = (Sum(a, b), Sum(a, a), Sum(b, b), a.sub(b));
        return new Alignment(product / other, Math.Sqrt(Sum(apart, apart) / other), product / Math.Sqrt(own * other));
    }

    private static double Sum(Tensor x, Tensor y) => x.mul(y).sum().item<double>();
}
