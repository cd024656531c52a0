using System.Buffers.Binary;
using System.Text.Unicode;

namespace Eckart.Formats.Tokenizers;

/// <summary>Holds a <c>precompiled_charsmap</c> to what the library takes for granted when it walks one: that no step leaves it.</summary>
/// <remarks>Source: sentencepiece's normaliser: the byte length of a darts-clone double array, the array, and texts that each end with NUL.</remarks>
internal static class PrecompiledCharsmap
{
    private const int LengthBytes = sizeof(uint);
    private const int UnitBytes = sizeof(uint);
    private const int LastOfBlock = 0xFF;

    /// <summary>What is wrong with one, or null where nothing is.</summary>
    /// <param name="base64">As <c>tokenizer.json</c> has it.</param>
    public static string? FaultOf(string base64)
    {
        var map = new byte[base64.Length];
        // The library takes no other spelling of the same bytes.
        if (!Convert.TryFromBase64String(base64, map, out var length) || Convert.ToBase64String(map, 0, length) != base64) return "no base64";
        if (length < LengthBytes) return $"{length} bytes";

        var bytes = map.AsSpan(LengthBytes, length - LengthBytes);
        var claimed = BinaryPrimitives.ReadUInt32LittleEndian(map);
        if (claimed == 0 || claimed % UnitBytes != 0 || claimed > bytes.Length) return $"an array of {claimed} bytes announced and {bytes.Length} bytes left";
        var texts = bytes[(int)claimed..];
        return Utf8.IsValid(texts) ? FaultOf(Units(bytes[..(int)claimed]), texts) : "texts that are not UTF-8";
    }

    // Every byte of a text is tried at every state that can be reached, and a state's successors differ from it in the lowest byte alone.
    private static string? FaultOf(uint[] units, ReadOnlySpan<byte> texts)
    {
        var (seen, open) = (new bool[units.Length], new Stack<int>());
        open.Push(Offset(units[0]));
        while (open.TryPop(out var state))
        {
            if ((state | LastOfBlock) >= units.Length) return $"a step to unit {state} of {units.Length}";
            if (seen[state]) continue;
            seen[state] = true;
            for (var next = 1; next <= LastOfBlock; next++)
            {
                var unit = units[state ^ next];
                if (Label(unit) != next) continue;
                var target = state ^ next ^ Offset(unit);
                open.Push(target);
                if (HasLeaf(unit) && target < units.Length && !IsStart(texts, units[target] & int.MaxValue)) return $"a text at byte {units[target] & int.MaxValue} of {texts.Length}";
            }
        }

        return null;
    }

    private static uint[] Units(ReadOnlySpan<byte> bytes)
    {
        var units = new uint[bytes.Length / UnitBytes];
        for (var i = 0; i < units.Length; i++) units[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i * UnitBytes)..]);
        return units;
    }

    private static bool IsStart(ReadOnlySpan<byte> texts, uint at) => at <= texts.Length && (at == texts.Length || (texts[(int)at] & 0xC0) != 0x80);

    private static bool HasLeaf(uint unit) => (unit >> 8 & 1) == 1;

    private static uint Label(uint unit) => unit & (1u << 31 | 0xFF);

    private static int Offset(uint unit) => (int)(unit >> 10 << (int)((unit & 1 << 9) >> 6));
}
