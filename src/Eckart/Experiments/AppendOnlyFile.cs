using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>A file of lines that only grows; others may read it meanwhile.</summary>
internal sealed class AppendOnlyFile : IDisposable
{
    private static readonly FileStreamOptions Growing = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };

    private readonly FileStream stream;
    private long length;        // of the whole lines
    private bool torn;          // whether something may stand after them

    /// <summary>Opens or makes it.</summary>
    /// <param name="path">Its folder must exist.</param>
    /// <param name="files">The file system.</param>
    public AppendOnlyFile(string path, FileCalls files)
    {
        Path = path;
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
        try
        {
            if (torn) CutTo(length);
            torn = true;
            stream.Write([.. line, (byte)'\n']);
            if (flush) stream.Flush(flushToDisk: true);
            var place = new LinePlace(length, line.Length);
            (length, torn) = (length + line.Length + 1, false);
            return place;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TryCut();
            throw new InputException(Path, $"expected to append {line.Length + 1} bytes, found: {exception.Message}", "make room and run the same command again: it goes on from here", exception);
        }
    }

    /// <summary>Reads a line again; nothing is to be appended after that.</summary>
    /// <param name="place">Of the line.</param>
    /// <returns>Its bytes, without its end.</returns>
    public byte[] LineAt(LinePlace place)
    {
        var line = new byte[place.Length];
        stream.Position = place.Start;
        stream.ReadExactly(line);
        return line;
    }

    /// <summary>Waits until all lines are on the disk.</summary>
    /// <exception cref="InputException">The disk is full or gone.</exception>
    public void Flush()
    {
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
