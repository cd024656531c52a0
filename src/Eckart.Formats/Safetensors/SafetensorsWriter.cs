using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Eckart.Formats.Safetensors;

/// <summary>Writes safetensors files, tensor by tensor: no more of a file is in memory than what a tensor's own writer holds.</summary>
/// <remarks>Source: the format section of the safetensors README. As its reference writer does, the widest types come first, names ascend within a
/// type, and the header ends in spaces up to a multiple of eight bytes, so that every element is aligned.</remarks>
public static class SafetensorsWriter
{
    private const int Alignment = 8;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tensors">In any order, names all different.</param>
    /// <param name="metadata">Texts under <c>__metadata__</c>; empty leaves the key out.</param>
    /// <exception cref="InputException">It cannot be written; an older version is still there.</exception>
    /// <exception cref="ArgumentException">A type that the format lacks, or a writer that wrote more or less than its shape says.</exception>
    public static void Write(string path, IEnumerable<SafetensorsContent> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(metadata);
        (SafetensorsContent Tensor, long Bytes)[] contents =
        [
            .. tensors.Select(tensor => (tensor, Bytes(tensor))).OrderByDescending(one => SafetensorsClaim.BitsOf(one.tensor.Type)).ThenBy(one => one.tensor.Name, StringComparer.Ordinal),
        ];
        var header = Header(contents, metadata);
        AtomicFile.Write(path, header.Length + contents.Sum(one => one.Bytes), stream =>
        {
            stream.Write(header);
            foreach (var (tensor, bytes) in contents)
            {
                var start = stream.Position;
                tensor.Write(stream);
                if (stream.Position - start != bytes) throw new ArgumentException($"The writer of '{tensor.Name}' wrote {stream.Position - start} bytes of {bytes}.", nameof(tensors));
            }
        });
    }

    private static byte[] Header((SafetensorsContent Tensor, long Bytes)[] contents, IReadOnlyDictionary<string, string> metadata)
    {
        var header = new JsonObject();
        if (metadata.Count > 0)
            header["__metadata__"] = new JsonObject(metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        var begin = 0L;
        foreach (var (tensor, bytes) in contents)
        {
            header.Add(tensor.Name, new JsonObject
            {
                ["dtype"] = tensor.Type,
                ["shape"] = new JsonArray([.. tensor.Shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(begin, begin += bytes),
            });
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header, Plain);
        var file = new byte[sizeof(ulong) + ((json.Length + Alignment - 1) / Alignment * Alignment)];
        BinaryPrimitives.WriteInt64LittleEndian(file, file.Length - sizeof(ulong));
        json.CopyTo(file.AsSpan(sizeof(ulong)));
        file.AsSpan(sizeof(ulong) + json.Length).Fill((byte)' ');
        return file;
    }

    private static long Bytes(SafetensorsContent tensor) =>
        SafetensorsClaim.BitsOf(tensor.Type) is { } bits and >= 8
            ? tensor.Shape.Aggregate(1L, (product, size) => checked(product * size)) * (bits / 8)
            : throw new ArgumentException($"'{tensor.Type}' is no type of whole bytes of the format.", nameof(tensor));
}
