using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>The linear map that a norm is at one input: its scale is taken there once and for all. Its bias is no part of a linear map.</summary>
/// <remarks>N = diag(s)(I − 11ᵀ/n) with s = weight / standard deviation for a layer norm; N = diag(s) with s = weight / root mean square for the other kind.</remarks>
internal sealed class FrozenNorm
{
    private readonly Tensor scale;      // (…, n)
    private readonly bool centres;

    private FrozenNorm(Tensor scale, bool centres) => (this.scale, this.centres) = (scale, centres);

    /// <summary>Takes a norm at an input, or at several at once.</summary>
    /// <param name="norm">Still its layer's.</param>
    /// <param name="input">(…, n), float64: before the norm.</param>
    /// <returns>Its tensors belong to the caller's dispose scope.</returns>
    public static FrozenNorm Of(Norm norm, Tensor input)
    {
        var centres = norm.Kind == NormKind.Layer;
        var about = centres ? input.sub(input.mean([-1], keepdim: true)) : input;
        var square = about.mul(about).mean([-1], keepdim: true).add(tensor(norm.Epsilon, float64));
        return new FrozenNorm(norm.Weight.to(float64, CPU).div(square.sqrt()), centres);
    }

    /// <summary>matrix · N.</summary>
    /// <param name="matrix">(r, n), float64.</param>
    /// <returns>(r, n), fresh, in the caller's dispose scope.</returns>
    public Tensor After(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var scaled = matrix.mul(scale);
        return (centres ? scaled.sub(scaled.mean([-1], keepdim: true)) : scaled).MoveToOuterDisposeScope();
    }

    /// <summary>N · matrix, of each of several norms and matrices.</summary>
    /// <param name="matrices">(…, n, c), float64.</param>
    /// <returns>(…, n, c), fresh, in the caller's dispose scope.</returns>
    public Tensor Before(Tensor matrices)
    {
        using var scope = NewDisposeScope();
        var about = centres ? matrices.sub(matrices.mean([-2], keepdim: true)) : matrices;
        return about.mul(scale.unsqueeze(-1)).MoveToOuterDisposeScope();
    }
}
