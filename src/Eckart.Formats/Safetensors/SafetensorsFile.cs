using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Eckart.Formats.Safetensors;

/// <summary>One safetensors file, mapped into memory: opening reads the header, and a tensor's bytes are read when they are asked for.</summary>
/// <remarks>The header is checked once, against the length that the file has when it is opened; the file must not shrink while it is open.</remarks>
public sealed class SafetensorsFile : ITensorFile
{
    private readonly MappedFile file;

    private SafetensorsFile(MappedFile file)
    {
        this.file = file;
        Header = SafetensorsHeader.Parse(file.Bytes(0, (int)Math.Min(file.Length, SafetensorsHeader.LongestStart)), file.Length, file.Path);
    }

    /// <inheritdoc/>
    public string Path => file.Path;

    /// <summary>What the file says of itself, checked.</summary>
    public SafetensorsHeader Header { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => Header.Tensors;

    /// <summary>The bytes before the first tensor's: the header with its length. Valid until the file is disposed.</summary>
    internal ReadOnlySpan<byte> Start => file.Bytes(0, sizeof(ulong) + (int)BinaryPrimitives.ReadUInt64LittleEndian(file.Bytes(0, sizeof(ulong))));

    /// <summary>Opens a file and checks its header; cost and memory grow with the header, not with the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file cannot be read, is not safetensors, or its header claims what is not true of it.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = MappedFile.Open(path, "safetensors", SafetensorsHeader.ShortestFile);
        try
        {
            return new SafetensorsFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void ReadRows(string name, long firstRow, Span<float> destination)
    {
        var tensor = Find(name);
        var first = FirstElement(tensor, firstRow, destination);
        using var hold = file.Keep();
        Widen(tensor, first, destination);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes(string name, long offset, int length)
    {
        var tensor = Find(name);
        if (offset < 0 || length < 0 || offset > tensor.ByteLength - length)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{length} bytes from there are not within the tensor's {tensor.ByteLength}.");

        return file.Bytes(Header.Offsets[name] + offset, length);
    }

    /// <summary>Unmaps the file; reads that are under way on other threads finish first.</summary>
    public void Dispose() => file.Dispose();

    private TensorEntry Find(string name) => Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new InputException(
            Path,
            $"expected a tensor {Excerpt.Of(name)}, found none of that name among {Tensors.Count}",
            "check that the checkpoint is complete and of this family");

    private static long FirstElement(TensorEntry tensor, long firstRow, ReadOnlySpan<float> destination)
    {
        var (rows, row) = (tensor.Shape.Length < 2 ? 1 : tensor.Shape[0], tensor.RowLength);
        if (row == 0 ? destination.Length != 0 : destination.Length % row != 0)
            throw new ArgumentException($"Expected whole rows of {row} elements, got {destination.Length} elements.", nameof(destination));
        if (firstRow < 0 || firstRow > rows || (row > 0 && destination.Length / row > rows - firstRow))
            throw new ArgumentOutOfRangeException(nameof(firstRow), firstRow, $"{destination.Length} elements from there are not within {rows} rows of {row}.");
        return firstRow * row;
    }

    private void Widen(TensorEntry tensor, long first, Span<float> destination)
    {
        switch (tensor.Type)
        {
            case "F32": Stored<float>(tensor, first, destination.Length).CopyTo(destination); break;
            case "BF16": FloatWidening.FromBf16(Stored<ushort>(tensor, first, destination.Length), destination); break;
            case "F16": FloatWidening.FromF16(Stored<ushort>(tensor, first, destination.Length), destination); break;
            case "F64": FloatWidening.FromF64(Stored<double>(tensor, first, destination.Length), destination); break;
            default:
                throw new InputException(
                    $"{Path}: tensor {Excerpt.Of(tensor.Name)}",
                    $"expected weights in F32, F16, BF16 or F64, found {tensor.Type}",
                    "use a checkpoint in one of those types");
        }
    }

    private ReadOnlySpan<T> Stored<T>(TensorEntry tensor, long first, int count) where T : unmanaged =>
        file.Span<T>(Header.Offsets[tensor.Name] + first * Unsafe.SizeOf<T>(), count);
}
