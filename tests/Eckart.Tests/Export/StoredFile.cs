using System.Buffers.Binary;
using System.Text.Json;

namespace Eckart.Tests.Export;

/// <summary>A safetensors file read in a few lines that know nothing of the reader under test.</summary>
internal sealed class StoredFile
{
    private readonly byte[] file;
    private readonly int start;

    public StoredFile(string path)
    {
        file = File.ReadAllBytes(path);
        start = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Header = JsonDocument.Parse(file.AsMemory(8, start - 8)).RootElement;
    }

    public JsonElement Header { get; }

    /// <summary>The header and the eight bytes before it.</summary>
    public byte[] Start => file[..start];

    /// <summary>Names in the header's order.</summary>
    public IEnumerable<string> Names => Header.EnumerateObject().Select(property => property.Name).Where(name => name != "__metadata__");

    public string Type(string name) => Header.GetProperty(name).GetProperty("dtype").GetString()!;

    public string Shape(string name) => Header.GetProperty(name).GetProperty("shape").GetRawText();

    public byte[] Bytes(string name)
    {
        var offsets = Header.GetProperty(name).GetProperty("data_offsets");
        return file[(start + offsets[0].GetInt32())..(start + offsets[1].GetInt32())];
    }
}
