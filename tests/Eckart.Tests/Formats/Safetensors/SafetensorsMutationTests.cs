using System.Buffers.Binary;
using Eckart.Formats;
using Eckart.Formats.Safetensors;
using Eckart.Tests.Support;
using Eckart.Tests.Support.Mutations;

namespace Eckart.Tests.Formats.Safetensors;

public sealed class SafetensorsMutationTests
{
    private static readonly byte[][] Originals = [Mixed(), SafetensorsBytes.Of(SafetensorsBytes.Floats("a", [2, 2], 1, 2, 3, 4)), SafetensorsBytes.WithHeader("""{"__metadata__":{"format":"pt"}}"""u8.ToArray(), [])];

    [Fact]
    public void Two_thousand_damaged_files_are_read_right_or_refused() => new MutationRun("m.safetensors", Mutate, Read).Of(2_000);

    [LongFact]
    public void A_hundred_thousand_damaged_files_are_read_right_or_refused() => new MutationRun("m.safetensors", Mutate, Read).Of(100_000);

    // Most changes keep the length of the header true, and a third its form too, so that what lies behind those checks is met.
    private static Mutation Mutate(Random random)
    {
        if (random.Next(3) == 0) return new SafetensorsClaims(random).Mutate(Originals[0]);
        var original = Originals[random.Next(4) == 0 ? random.Next(Originals.Length) : 0];
        var header = SafetensorsLayout.Header(original);
        if (random.Next(2) == 0) return new ByteMutator(random, Originals).Mutate(original, 8 + header.Length, [(0, sizeof(ulong))]);
        var changed = new JsonMutator(random).Mutate(header);
        return changed with { Bytes = SafetensorsBytes.WithHeader(changed.Bytes, original[(8 + header.Length)..]) };
    }

    private static Action Read(string path, Mutation mutation)
    {
        var file = SafetensorsFile.Open(path);
        try
        {
            var values = file.Tensors.ToDictionary(tensor => tensor.Key, tensor => Values(file, tensor.Value));
            return () =>
            {
                Check(file, mutation.Bytes, values);
                file.Dispose();
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // Null where the type is no weight's, which is refused when it is read and not before.
    private static float[]? Values(SafetensorsFile file, TensorEntry tensor)
    {
        var values = new float[tensor.Count];
        if (tensor.Type is "F32" or "F16" or "BF16" or "F64") file.ReadRows(tensor.Name, 0, values);
        else Refused.With(() => file.ReadRows(tensor.Name, 0, values), "m.safetensors", "F32, F16, BF16 or F64");
        return tensor.Type is "F32" or "F16" or "BF16" or "F64" ? values : null;
    }

    private static void Check(SafetensorsFile file, byte[] bytes, Dictionary<string, float[]?> values)
    {
        var expected = SafetensorsLayout.Tensors(bytes);
        Assert.Equal(expected.Keys, file.Tensors.Keys);
        foreach (var (name, (type, shape, data)) in expected)
        {
            Assert.Equal(type, file.Tensors[name].Type);
            Assert.Equal(shape, file.Tensors[name].Shape);
            Assert.Equal(data, file.Bytes(name, 0, data.Length).ToArray());
            if (values[name] is { } read) Assert.Equal(Expected(type, data), read.Select(BitConverter.SingleToUInt32Bits));
        }
    }

    private static IEnumerable<uint> Expected(string type, byte[] data) => data.Chunk(type switch { "F64" => 8, "F32" => 4, _ => 2 }).Select(value => type switch
    {
        "F64" => BitConverter.SingleToUInt32Bits((float)BinaryPrimitives.ReadDoubleLittleEndian(value)),
        "F32" => BinaryPrimitives.ReadUInt32LittleEndian(value),
        "BF16" => (uint)BinaryPrimitives.ReadUInt16LittleEndian(value) << 16,
        _ => BitConverter.SingleToUInt32Bits((float)BinaryPrimitives.ReadHalfLittleEndian(value)),
    });

    private static byte[] Mixed()
    {
        byte[] Counting(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 37))];
        var file = SafetensorsBytes.Of(
            SafetensorsBytes.Floats("model.embed", [4, 3], [.. Enumerable.Range(0, 12).Select(i => i / 8f)]),
            ("é", "BF16", [2, 2, 2], Counting(16)), ("half", "F16", [5], Counting(10)), ("scalar", "F64", [], Counting(8)),
            ("none", "F32", [3, 0], []), ("ids", "I64", [2], Counting(16)), ("bytes", "U8", [6], Counting(6)), ("nibbles", "F4", [3, 2], Counting(3)));
        var header = SafetensorsLayout.Header(file);
        return SafetensorsBytes.WithHeader([.. """{"__metadata__":{"format":"pt","note":"x"},"""u8, .. header[1..], .. "   "u8], file[(8 + header.Length)..]);
    }
}
