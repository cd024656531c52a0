using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Eckart.Formats.Safetensors;

/// <summary>Writes a safetensors file as another one is: the same types, order and metadata, and the same bytes but for what is replaced, renamed or left out.</summary>
public static class SafetensorsRewrite
{
    private const int Alignment = 8;
    private const int Block = 1 << 24;
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file, whole or not at all. Where no tensor is renamed or left out, the header is the source's, byte for byte.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="source">Open while this runs; still the caller's.</param>
    /// <param name="rename">A tensor's name by its name in the source; null leaves it out.</param>
    /// <param name="replace">What writes other elements of a tensor's type and shape in place of its own; null for its own. Asked and run tensor by tensor, in the order of their bytes.</param>
    /// <exception cref="InputException">It cannot be written; an older version is still there.</exception>
    /// <exception cref="ArgumentException">A writer that wrote more or less than the tensor's shape says, or one name for two tensors.</exception>
    public static void Write(string path, SafetensorsFile source, Func<string, string?> rename, Func<string, Action<Stream>?> replace)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(rename);
        ArgumentNullException.ThrowIfNull(replace);
        TensorEntry[] kept = [.. source.Tensors.Values.Where(entry => rename(entry.Name) is not null).OrderBy(entry => source.Header.Offsets[entry.Name])];
        var header = source.Tensors.Keys.All(name => rename(name) == name) ? source.Start.ToArray() : Header(source, kept, rename);
        AtomicFile.Write(path, header.Length + kept.Sum(entry => entry.ByteLength), stream =>
        {
            stream.Write(header);
            foreach (var entry in kept)
            {
                var start = stream.Position;
                if (replace(entry.Name) is { } write) write(stream);
                else Copy(source, entry, stream);
                if (stream.Position - start != entry.ByteLength) throw new ArgumentException($"The writer of '{entry.Name}' wrote {stream.Position - start} bytes of {entry.ByteLength}.", nameof(replace));
            }
        });
    }

    private static void Copy(SafetensorsFile source, TensorEntry entry, Stream stream)
    {
        for (var offset = 0L; offset < entry.ByteLength; offset += Block)
            stream.Write(source.Bytes(entry.Name, offset, (int)Math.Min(Block, entry.ByteLength - offset)));
    }

    // Entries in the order of the source's header, which need not be that of the bytes.
    private static byte[] Header(SafetensorsFile source, TensorEntry[] kept, Func<string, string?> rename)
    {
        var (begins, end) = (new Dictionary<string, long>(kept.Length), 0L);
        foreach (var entry in kept)
        {
            begins.Add(entry.Name, end);
            end += entry.ByteLength;
        }

        if (kept.Select(entry => rename(entry.Name)).Distinct().Count() < kept.Length) throw new ArgumentException("Expected a name of its own for each tensor.", nameof(rename));

        using var bytes = new MemoryStream();
        bytes.Write(new byte[sizeof(ulong)]);
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            if (source.Header.Metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, text) in source.Header.Metadata) json.WriteString(key, text);
                json.WriteEndObject();
            }

            foreach (var entry in source.Tensors.Values.Where(entry => begins.ContainsKey(entry.Name))) Write(json, rename(entry.Name)!, entry, begins[entry.Name]);
            json.WriteEndObject();
        }

        while (bytes.Length % Alignment != 0) bytes.WriteByte((byte)' ');
        var header = bytes.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - sizeof(ulong));
        return header;
    }

    private static void Write(Utf8JsonWriter json, string name, TensorEntry entry, long begin)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", entry.Type);
        json.WriteStartArray("shape");
        foreach (var size in entry.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(begin + entry.ByteLength);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
