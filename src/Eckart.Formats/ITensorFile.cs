namespace Eckart.Formats;

/// <summary>Named tensors of one checkpoint, wherever they are stored. Everything is validated before the first is handed out.</summary>
public interface ITensorFile : IDisposable
{
    /// <summary>The file or folder, as messages name it.</summary>
    string Path { get; }

    /// <summary>Every tensor by its name in the file.</summary>
    IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Reads rows of a tensor, widened or dequantised to float32. Safe to call from several threads.</summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    /// <param name="firstRow">First index along the first dimension (0 for a scalar or a vector, which are one row).</param>
    /// <param name="destination">A whole number of rows, row-major; overwritten.</param>
    /// <exception cref="InputException">No such tensor, or a type that cannot be read.</exception>
    void ReadRows(string name, long firstRow, Span<float> destination);

    /// <summary>The stored bytes of a tensor, for digests and byte-exact copies; valid until the file is disposed.</summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    /// <param name="offset">First byte, from the tensor's start.</param>
    /// <param name="length">Bytes wanted.</param>
    ReadOnlySpan<byte> Bytes(string name, long offset, int length);
}
