namespace Eckart.Formats;

/// <summary>Files that are either the old version or the new one, whatever interrupts the writing.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside the file, flushes to the disk, and renames over it.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="bytes">All that it shall hold.</param>
    /// <exception cref="InputException">The folder cannot be written to, or the disk is full; an older version is still there.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var beside = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected to write {bytes.Length} bytes, found: {exception.Message}", "make room, or name a folder that can be written to", exception);
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
