using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Eckart.Tests.Support;

/// <summary>Safetensors files as bytes: valid ones from tensors, and any others from a header as text.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A file of tensors in the order given, without gaps.</summary>
    public static byte[] Of(params (string Name, string Type, long[] Shape, byte[] Data)[] tensors)
    {
        var end = 0;
        var entries = tensors.Select(tensor =>
        {
            var begin = end;
            end += tensor.Data.Length;
            return $"{JsonSerializer.Serialize(tensor.Name)}:{Entry(tensor.Type, $"[{string.Join(',', tensor.Shape)}]", $"[{begin},{end}]")}";
        });
        return WithHeader($"{{{string.Join(',', entries)}}}", [.. tensors.SelectMany(tensor => tensor.Data)]);
    }

    /// <summary>A float32 tensor, to give to <see cref="Of"/>.</summary>
    public static (string Name, string Type, long[] Shape, byte[] Data) Floats(string name, long[] shape, params float[] values) =>
        (name, "F32", shape, MemoryMarshal.AsBytes<float>(values).ToArray());

    /// <summary>What a header says of one tensor, true or not.</summary>
    public static string Entry(string type, string shape, string offsets) =>
        $$$"""{"dtype":"{{{type}}}","shape":{{{shape}}},"data_offsets":{{{offsets}}}}""";

    /// <summary>The length of a header, the header and what follows it, true or not.</summary>
    public static byte[] WithHeader(string header, params byte[] data) => WithHeader(Encoding.UTF8.GetBytes(header), data);

    public static byte[] WithHeader(byte[] header, byte[] data) => [.. Prefix((ulong)header.Length), .. header, .. data];

    /// <summary>The eight bytes at the start that give the header's length.</summary>
    public static byte[] Prefix(ulong headerLength)
    {
        var prefix = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, headerLength);
        return prefix;
    }
}
