using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eckart.Formats.Gguf;

/// <summary>Types without blocks, widened to float32.</summary>
internal static class PlainTypes
{
    /// <summary>For loops over a whole tensor: optimised from the first call, because a process often reads each tensor once.</summary>
    public const MethodImplOptions Fast = MethodImplOptions.AggressiveOptimization;

    public static void F32(ReadOnlySpan<byte> blocks, Span<float> values) => MemoryMarshal.Cast<byte, float>(blocks).CopyTo(values);

    public static void F16(ReadOnlySpan<byte> blocks, Span<float> values) => FloatWidening.FromF16(MemoryMarshal.Cast<byte, ushort>(blocks), values);

    public static void BF16(ReadOnlySpan<byte> blocks, Span<float> values) => FloatWidening.FromBf16(MemoryMarshal.Cast<byte, ushort>(blocks), values);

    /// <summary>The float16 at the start of <paramref name="bytes"/>.</summary>
    public static float Half(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);
}
