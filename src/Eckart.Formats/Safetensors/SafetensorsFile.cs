using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Eckart.Formats.Safetensors;

/// <summary>One safetensors file, mapped into memory: opening reads the header, and a tensor's bytes are read when they are asked for.</summary>
/// <remarks>The header is checked once, against the length that the file has when it is opened; the file must not shrink while it is open.</remarks>
public sealed class SafetensorsFile : ITensorFile
{
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private readonly SafeMemoryMappedViewHandle bytes;

    private unsafe SafetensorsFile(string path, MemoryMappedFile map, long length)
    {
        Path = path;
        this.map = map;
        view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        bytes = view.SafeMemoryMappedViewHandle;
        byte* start = null;
        try
        {
            bytes.AcquirePointer(ref start);
            Header = SafetensorsHeader.Parse(new ReadOnlySpan<byte>(start, (int)Math.Min(length, SafetensorsHeader.LongestStart)), length, path);
        }
        catch
        {
            view.Dispose();
            throw;
        }
        finally
        {
            if (start is not null) bytes.ReleasePointer();
        }
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <summary>What the file says of itself, checked.</summary>
    public SafetensorsHeader Header { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => Header.Tensors;

    /// <summary>Opens a file and checks its header; cost and memory grow with the header, not with the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file cannot be read, is not safetensors, or its header claims what is not true of it.</exception>
    public static SafetensorsFile Open(string path)
    {
        try
        {
            // A pipe has no length either, and opening one could wait forever; what has none cannot be mapped, and the header's check refuses it.
            using var handle = new FileInfo(path).Length == 0 ? null : File.OpenHandle(path);
            var length = handle is null ? 0 : RandomAccess.GetLength(handle);
            if (length == 0) SafetensorsHeader.Parse([], length, path);

            var map = MemoryMappedFile.CreateFromFile(handle!, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            try
            {
                return new SafetensorsFile(path, map, length);
            }
            catch
            {
                map.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected a safetensors file, it cannot be read: {e.Message}", "check the path and its permissions", e);
        }
    }

    /// <inheritdoc/>
    public unsafe void ReadRows(string name, long firstRow, Span<float> destination)
    {
        var tensor = Find(name);
        var first = FirstElement(tensor, firstRow, destination);
        byte* file = null;
        try
        {
            bytes.AcquirePointer(ref file);
            Widen(file + Header.Offsets[name], tensor, first, destination);
        }
        finally
        {
            if (file is not null) bytes.ReleasePointer();
        }
    }

    /// <inheritdoc/>
    public unsafe ReadOnlySpan<byte> Bytes(string name, long offset, int length)
    {
        var tensor = Find(name);
        if (offset < 0 || length < 0 || offset > tensor.ByteLength - length)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{length} bytes from there are not within the tensor's {tensor.ByteLength}.");

        byte* file = null;
        bytes.AcquirePointer(ref file);
        bytes.ReleasePointer();
        return new ReadOnlySpan<byte>(file + Header.Offsets[name] + offset, length);
    }

    /// <summary>Unmaps the file; reads that are under way on other threads finish first.</summary>
    public void Dispose()
    {
        view.Dispose();
        map.Dispose();
    }

    private TensorEntry Find(string name) => Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new InputException(
            Path,
            $"expected a tensor {Excerpt.Of(name)}, it is not among the file's {Tensors.Count}",
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

    // Spans of elements, not of bytes: those end at 2 GiB, a read of float64 need not.
    private unsafe void Widen(byte* start, TensorEntry tensor, long first, Span<float> destination)
    {
        switch (tensor.Type)
        {
            case "F32": new ReadOnlySpan<float>((float*)start + first, destination.Length).CopyTo(destination); break;
            case "BF16": FloatWidening.FromBf16(new ReadOnlySpan<ushort>((ushort*)start + first, destination.Length), destination); break;
            case "F16": FloatWidening.FromF16(new ReadOnlySpan<ushort>((ushort*)start + first, destination.Length), destination); break;
            case "F64": FloatWidening.FromF64(new ReadOnlySpan<double>((double*)start + first, destination.Length), destination); break;
            default:
                throw new InputException(
                    $"{Path}: tensor {Excerpt.Of(tensor.Name)}",
                    $"expected weights in F32, F16, BF16 or F64, found {tensor.Type}",
                    "use a checkpoint in one of those types");
        }
    }
}
