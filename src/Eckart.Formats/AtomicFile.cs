using System.Text.RegularExpressions;

namespace Eckart.Formats;

/// <summary>Files that are either the old version or the new one, whatever interrupts the writing.</summary>
public static partial class AtomicFile
{
    private static readonly FileStreamOptions Beside = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
    private static readonly FileStreamOptions Unheld = new() { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Share = FileShare.None };

    /// <summary>Writes beside the file, flushes to the disk, and renames over it.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="bytes">All that it shall hold.</param>
    /// <param name="files">The file system; <see cref="FileCalls.Disk"/> unless given.</param>
    /// <exception cref="InputException">The folder cannot be written to, or the disk is full; an older version is still there.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes, FileCalls? files = null) =>
        Write(path, bytes.Length, bytes, static (stream, bytes) => stream.Write(bytes), files ?? FileCalls.Disk);

    /// <summary>Like <see cref="Write(string, ReadOnlySpan{byte}, FileCalls)"/>, for more than a span holds or what is not in one piece.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="byteCount">How many <paramref name="write"/> writes, for the error message.</param>
    /// <param name="write">Writes all that the file shall hold; where it fails, an older version is still there.</param>
    /// <exception cref="InputException">The folder cannot be written to, or the disk is full; an older version is still there.</exception>
    public static void Write(string path, long byteCount, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Write(path, byteCount, write, static (stream, write) => write(stream), FileCalls.Disk);
    }

    /// <summary>Like <see cref="Write(string, ReadOnlySpan{byte}, FileCalls)"/>, for what is made while it is written.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes all that the file shall hold; where it fails, an older version is still there.</param>
    /// <param name="files">The file system; <see cref="FileCalls.Disk"/> unless given.</param>
    /// <exception cref="InputException">The folder cannot be written to, or the disk is full; an older version is still there.</exception>
    public static void Write(string path, Action<Stream> write, FileCalls? files = null)
    {
        ArgumentNullException.ThrowIfNull(write);
        Write(path, null, write, static (stream, write) => write(stream), files ?? FileCalls.Disk);
    }

    /// <summary>Removes what writers that were killed left beside the files of a folder; what cannot be removed, or has a writer, stays.</summary>
    /// <param name="folder">Where nobody else writes files in this way.</param>
    /// <param name="files">The file system.</param>
    /// <param name="name">Of the one file that was written; any unless given.</param>
    public static void DiscardLeft(string folder, FileCalls files, string name = "*")
    {
        ArgumentNullException.ThrowIfNull(files);
        string[] left = [];
        Attempt(() => left = [.. Directory.EnumerateFiles(folder, $"{name}.????????.???.tmp").Where(path => Ending().IsMatch(path))]);
        foreach (var path in left)
            Attempt(() =>
            {
                files.Open(path, Unheld).Dispose();
                files.Delete(path);
            });
    }

    private static void Write<T>(string path, long? byteCount, T content, Action<Stream, T> write, FileCalls files)
        where T : allows ref struct
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var beside = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = files.Open(beside, Beside))
            {
                write(stream, content);
                stream.Flush(flushToDisk: true);
            }

            files.Move(beside, path);
        }
        catch (Exception exception)
        {
            Attempt(() => files.Delete(beside));
            if (exception is IOException or UnauthorizedAccessException)
                throw new InputException(path, $"expected to write {(byteCount is null ? "it" : $"{byteCount} bytes")}, found: {exception.Message}", "make room, or name a folder that can be written to", exception);
            throw;
        }
    }

    // After a failure, what is left is not worth another one.
    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    [GeneratedRegex(@"\.[a-z0-9]{8}\.[a-z0-9]{3}\.tmp$")]
    private static partial Regex Ending();
}
