using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Eckart.Engine.Kernels;

/// <summary>The exponential function of 16 numbers at once.</summary>
internal static class Exponential
{
    // exp(x) = 2ⁿ·exp(r): n the nearest integer to x/ln 2, and r what is left, at most ln 2 / 2 in size. Beyond the limits 2ⁿ is no normal number.
    private const float Lowest = -87, Highest = 88;
    private const float InverseLn2 = 1.44269504f;

    // ln 2 in two parts: the upper one is so short that its product with n is exact.
    private const float Ln2Upper = 0.693359375f, Ln2Lower = -2.12194440e-4f;

    // Adding 1.5·2²³ rounds to an integer, which then stands in the lowest bits.
    private const float Rounder = 12582912;
    private const int MantissaBits = 23;

    /// <summary>exp(x), to 2·10⁻⁷ of itself between −87 and 88; beyond them the value at the limit. NaN stays NaN.</summary>
    /// <remarks>(exp(r) − 1 − r)/r² interpolated at five Chebyshev nodes: 10⁻⁸ of exp(r); the rest is the rounding of float32.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x)
    {
        // The native comparisons return their second operand where one is NaN.
        x = Vector512.MinNative(Vector512.Create(Highest), Vector512.MaxNative(Vector512.Create(Lowest), x));
        var rounded = Vector512.MultiplyAddEstimate(x, Vector512.Create(InverseLn2), Vector512.Create(Rounder));
        var n = rounded - Vector512.Create(Rounder);
        var r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2Upper), x);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2Lower), r);

        var p = Vector512.MultiplyAddEstimate(Vector512.Create(1.39262504e-3f), r, Vector512.Create(8.36323295e-3f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(4.16665524e-2f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.166665763f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.5f));
        p = Vector512.MultiplyAddEstimate(p, r * r, r) + V.One;

        // n moves into the exponent's place, and all above it falls off: adding it to the bits of a float multiplies that by 2ⁿ.
        return (p.AsInt32() + Vector512.ShiftLeft(rounded.AsInt32(), MantissaBits)).AsSingle();
    }
}
