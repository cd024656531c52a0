namespace Eckart.Formats;

/// <summary>Files that are either the old version or the new one, whatever interrupts the writing.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside the file, flushes to the disk, and renames over it.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="bytes">All that it shall hold.</param>
    /// <exception cref="InputException">The folder cannot be written to, or the disk is full; an older version is still there.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes) => Write(path, bytes.Length, bytes, static (stream, bytes) => stream.Write(bytes));

    /// <summary>Like <see cref="Write(string, ReadOnlySpan{byte})"/>, for more than a span holds or what is not in one piece.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="byteCount">How many <paramref name="write"/> writes, for the error message.</param>
    /// <param name="write">Writes all that the file shall hold; where it fails, an older version is still there.</param>
    /// <exception cref="InputException">The folder cannot be written to, or the disk is full; an older version is still there.</exception>
    public static void Write(string path, long byteCount, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Write(path, byteCount, write, static (stream, write) => write(stream));
    }

    /// <summary>Like <see cref="Write(string, ReadOnlySpan{byte})"/>, for what is made while it is written.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes all that the file shall hold; where it fails, an older version is still there.</param>
    /// <exception cref="InputException">The folder cannot be written to, or the disk is full; an older version is still there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Write(path, null, write, static (stream, write) => write(stream));
    }

    private static void Write<T>(string path, long? byteCount, T content, Action<Stream, T> write)
        where T : allows ref struct
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var beside = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream, content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected to write {(byteCount is null ? "it" : $"{byteCount} bytes")}, found: {exception.Message}", "make room, or name a folder that can be written to", exception);
        }
        finally
        {
            Discard(beside);
        }
    }

    // Nothing is left after a rename; after a failure, what is left is not worth another one.
    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
