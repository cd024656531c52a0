using System.Buffers.Binary;
using System.Text.Json;

namespace Eckart.Tests.Support;

/// <summary>Bytes of the tensors of a golden safetensors file, read without the reader under test.</summary>
internal sealed class GoldenTensors
{
    private readonly byte[] file;
    private readonly int start;
    private readonly JsonElement header;

    public GoldenTensors(string path)
    {
        file = File.ReadAllBytes(path);
        start = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        header = JsonDocument.Parse(file.AsMemory(8, start - 8)).RootElement;
    }

    public ReadOnlySpan<byte> this[string name]
    {
        get
        {
            var offsets = header.GetProperty(name).GetProperty("data_offsets");
            return file.AsSpan(start)[offsets[0].GetInt32()..offsets[1].GetInt32()];
        }
    }
}
