using System.Buffers.Binary;

namespace Eckart.Tests.Support.Mutations;

/// <summary>Damages a file as disks, networks and people of ill will do.</summary>
/// <param name="random">Decides everything.</param>
/// <param name="others">Files to take parts from; the first bytes of each say most.</param>
internal sealed class ByteMutator(Random random, IReadOnlyList<byte[]> others)
{
    private const int MostSteps = 3;
    private const int LongestRange = 64;

    private static readonly ulong[] Boundaries =
    [
        0, 1, 2, 3, 5, 7, 8, 9, 16, 31, 32, 33, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 100_000_000, 100_000_001,
        int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, (1UL << 42) + 1, 1UL << 60, 1UL << 61, (1UL << 62) + 1, long.MaxValue, 1UL << 63, ulong.MaxValue - 31, ulong.MaxValue,
    ];

    private readonly List<string> steps = [];

    /// <summary>A change, or up to three.</summary>
    /// <param name="original">Not changed.</param>
    /// <param name="head">How many of its first bytes are more than numbers of weights: most changes are made there.</param>
    /// <param name="fields">Where its numbers of sizes, counts and offsets are, and their bytes.</param>
    public Mutation Mutate(byte[] original, int head, IReadOnlyList<(int At, int Size)> fields)
    {
        var bytes = original;
        for (var count = random.Next(2) == 0 ? 1 : 1 + random.Next(MostSteps); count > 0; count--) bytes = Step(bytes, head, fields);
        return new Mutation(bytes, [.. steps]);
    }

    private byte[] Step(byte[] bytes, int head, IReadOnlyList<(int At, int Size)> fields)
    {
        if (bytes.Length == 0) return Done("one byte appended", [(byte)random.Next(256)]);
        var at = random.Next(4) == 0 && head < bytes.Length ? random.Next(head, bytes.Length) : random.Next(Math.Min(head, bytes.Length));
        var length = Math.Min(1 + random.Next(LongestRange), bytes.Length - at);
        return random.Next(16) switch
        {
            0 => Changed(bytes, at, [(byte)(bytes[at] ^ 1 << random.Next(8))], "a bit flipped"),
            1 => Changed(bytes, at, [(byte)random.Next(256)], "a byte changed"),
            2 => Changed(bytes, at, Number(1 << random.Next(4), bytes.Length), "a boundary number written"),
            3 or 4 when fields.Count > 0 => Field(bytes, fields),
            5 when fields.Count > 1 => Swapped(bytes, fields),
            6 => Done($"cut to {at} bytes", bytes[..at]),
            7 => Done($"{length} bytes removed at {at}", [.. bytes[..at], .. bytes[(at + length)..]]),
            8 => Done($"{length} bytes at {at} repeated", [.. bytes[..(at + length)], .. bytes[at..]]),
            9 => Done($"{length} random bytes put in at {at}", [.. bytes[..at], .. Noise(length), .. bytes[at..]]),
            10 => Spliced(bytes, at),
            11 => Changed(bytes, at, bytes[random.Next(bytes.Length)..][..1], "a byte of elsewhere written"),
            12 or 13 => Changed(bytes, at, Noise(length), "noise written"),
            14 => Changed(bytes, at, new byte[length], "zeros written"),
            _ => Done($"{length} bytes appended", [.. bytes, .. random.Next(2) == 0 ? new byte[length] : Noise(length)]),
        };
    }

    private byte[] Field(byte[] bytes, IReadOnlyList<(int At, int Size)> fields)
    {
        var (at, size) = fields[random.Next(fields.Count)];
        return Changed(bytes, at, Number(size, bytes.Length), "a field's number written");
    }

    private byte[] Swapped(byte[] bytes, IReadOnlyList<(int At, int Size)> fields)
    {
        var (first, size) = fields[random.Next(fields.Count)];
        var second = fields[random.Next(fields.Count)].At;
        if (Math.Max(first, second) + size > bytes.Length) return bytes;
        var (one, two) = (bytes[first..(first + size)], bytes[second..(second + size)]);
        return Changed(Changed(bytes, first, two, "a field copied"), second, one, "to it the other");
    }

    private byte[] Spliced(byte[] bytes, int at)
    {
        var other = others[random.Next(others.Count)];
        var from = random.Next(other.Length);
        var length = random.Next(2) == 0 ? other.Length - from : Math.Min(1 + random.Next(LongestRange), other.Length - from);
        return Done($"from {at} on {length} bytes of another file", [.. bytes[..at], .. other.AsSpan(from, length), .. bytes[Math.Min(bytes.Length, at + length)..]]);
    }

    private byte[] Changed(byte[] bytes, int at, byte[] written, string how)
    {
        var changed = bytes.ToArray();
        if (at >= changed.Length) return Done($"{how} beyond the end: nothing", changed);
        written.AsSpan(0, Math.Min(written.Length, changed.Length - at)).CopyTo(changed.AsSpan(at));
        return Done($"{how} at {at}: {Convert.ToHexString(written)}", changed);
    }

    private byte[] Done(string step, byte[] bytes)
    {
        steps.Add(step);
        return bytes;
    }

    private byte[] Number(int size, int fileLength)
    {
        var number = random.Next(4) == 0 ? (ulong)(fileLength + random.Next(-9, 10)) : Boundaries[random.Next(Boundaries.Length)];
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return bytes[..size];
    }

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }
}
