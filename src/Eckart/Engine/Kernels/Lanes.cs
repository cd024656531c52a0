using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Eckart.Engine.Kernels;

/// <summary>The vectors that the kernels work in: 16 floats at once, whatever the machine calls that.</summary>
/// <remarks>All kernels are written on <see cref="Vector512{T}"/>'s own operations, which run as pairs or quads where registers are shorter.
/// Only the tile of a matrix product differs in shape, because it has to fit into the registers: <see cref="SmallProduct"/>.</remarks>
internal static class Lanes
{
    /// <summary>Floats that every padded size is a multiple of.</summary>
    public const int Width = 16;

    /// <summary>For the loops: compiled once and for themselves.</summary>
    /// <remarks>Where the compiler inlines a loop into its callers and orders it by what it saw in the first calls, vectors end up on the stack: up to eight times slower.</remarks>
    public const MethodImplOptions Fast = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>The instructions in use: <c>avx512</c>, <c>avx2</c>, <c>arm64</c> or <c>portable</c>.</summary>
    public static string Name =>
        Vector512.IsHardwareAccelerated ? "avx512"
        : Avx2.IsSupported ? "avx2"
        : AdvSimd.Arm64.IsSupported ? "arm64"
        : "portable";

    /// <summary>The smallest multiple of <see cref="Width"/> that is at least <paramref name="n"/>.</summary>
    public static int Padded(int n) => (n + Width - 1) & -Width;

    /// <summary>A row stride, in floats, for rows of <paramref name="n"/> floats that are read side by side: padded, and not a multiple of a kilobyte.</summary>
    /// <remarks>Rows whose addresses differ by a large power of two fall into the same few sets of the first-level cache and evict each other.</remarks>
    public static int Stride(int n)
    {
        const int FloatsAKilobyte = 256;
        var padded = Padded(n);
        return padded > 0 && padded % FloatsAKilobyte == 0 ? padded + Width : padded;
    }
}
