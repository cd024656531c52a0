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

    [MethodImpl(Fast)]
    public static void F16(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        var halves = MemoryMarshal.Cast<byte, Half>(blocks);
        for (var i = 0; i < halves.Length; i++) values[i] = (float)halves[i];
    }

    // A bfloat16 is the upper half of a float32.
    [MethodImpl(Fast)]
    public static void BF16(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        var halves = MemoryMarshal.Cast<byte, ushort>(blocks);
        for (var i = 0; i < halves.Length; i++) values[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
    }

    /// <summary>The float16 at the start of <paramref name="bytes"/>.</summary>
    public static float Half(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);
}
