using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>A file of lines that only grows; others may read it meanwhile.</summary>
internal sealed class AppendOnlyFile : IDisposable
{
    private static readonly FileStreamOptions Growing = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };

    private readonly FileCalls files;
    private FileStream stream;
    private InputException? closed;     // why it could not be opened again
    private long length;        // of the whole lines
    private bool torn;          // whether something may stand after them

    /// <summary>Opens or makes it.</summary>
    /// <param name="path">Its folder must exist.</param>
    /// <param name="files">The file system.</param>
    public AppendOnlyFile(string path, FileCalls files)
    {
        (Path, this.files) = (path, files);
        stream = files.Open(path, Growing);
    }

    /// <summary>The file, for messages.</summary>
    public string Path { get; }

    /// <summary>Length of all whole lines of a stream.</summary>
    public static long WholeLines(Stream stream) =>
        LineReader.Read(stream, "").Where(line => line.Terminated).Sum(line => line.Line.Length + 1L);

    /// <summary>Reads it from the start.</summary>
    public T Read<T>(Func<Stream, T> read)
    {
        stream.Position = 0;
        return read(stream);
    }

    /// <summary>Cuts a torn end off; what follows is appended there.</summary>
    /// <param name="wholeLines">Bytes to keep.</param>
    public void CutTo(long wholeLines)
    {
        (length, torn) = (wholeLines, true);
        if (stream.Length != length) stream.SetLength(length);
        stream.Position = length;
        torn = false;
    }

    /// <summary>Writes a line in one go.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="flush">Whether to wait until it is on the disk.</param>
    /// <returns>Where it stands.</returns>
    /// <exception cref="InputException">The disk is full or gone. The file is as it was before, or ends in a torn line, which the next line or the next opening cuts off.</exception>
    public LinePlace Append(ReadOnlySpan<byte> line, bool flush)
    {
        if (closed is not null) throw closed;
        try
        {
            if (torn) CutTo(length);
            torn = true;
            stream.Write([.. line, (byte)'\n']);
            if (flush) stream.Flush(flushToDisk: true);
            var place = LinePlace.Of(length, line);
            (length, torn) = (length + line.Length + 1, false);
            return place;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TryCut();
            throw new InputException(Path, $"expected to append {line.Length + 1} bytes, found: {exception.Message}", "make room and run the same command again: it goes on from here", exception);
        }
    }

    /// <summary>Reads a line again.</summary>
    /// <param name="place">Of the line.</param>
    /// <returns>Its bytes, without its end; null where it is not there any more.</returns>
    public byte[]? LineAt(LinePlace place)
    {
        var line = new byte[place.Length];
        stream.Position = place.Start;
        var read = stream.ReadAtLeast(line, line.Length, throwOnEndOfStream: false);
        stream.Position = length;
        return read == line.Length && place.Holds(line) ? line : null;
    }

    /// <summary>Replaces the file as a whole, or not at all.</summary>
    /// <param name="write">Writes whole lines.</param>
    /// <exception cref="InputException">The disk is full or gone; the file is as it was.</exception>
    public void Replace(Action<Stream> write)
    {
        if (closed is not null) throw closed;
        long? whole = null;
        try
        {
            var written = 0L;
            AtomicFile.Write(Path, target =>
            {
                write(target);
                written = target.Position;
                stream.Dispose();           // before another takes its name
            }, files);
            whole = written;
        }
        finally
        {
            if (!stream.CanRead) Reopen(whole);
        }
    }

    /// <summary>Waits until all lines are on the disk.</summary>
    /// <exception cref="InputException">The disk is full or gone.</exception>
    public void Flush()
    {
        if (closed is not null) throw closed;
        try
        {
            stream.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(Path, $"expected to bring {length} bytes onto the disk, found: {exception.Message}", "make room and run the same command again: it goes on from here", exception);
        }
    }

    /// <summary>Closes it.</summary>
    public void Dispose() => stream.Dispose();

    /// <summary>What is said of a file that cannot be opened, or cut.</summary>
    internal static InputException CannotBeWritten(string path, Exception exception) =>
        new(path, $"expected a journal that can be written, found: {exception.Message}", "make room, or name an --out that can be written to", exception);

    private void Reopen(long? whole)
    {
        try
        {
            stream = files.Open(Path, Growing);
            CutTo(whole ?? Read(WholeLines));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            stream.Dispose();
            throw closed = CannotBeWritten(Path, exception);
        }
    }

    private void TryCut()
    {
        try
        {
            CutTo(length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
