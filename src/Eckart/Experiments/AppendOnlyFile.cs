using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>A file of lines that only grows; others may read it meanwhile.</summary>
internal sealed class AppendOnlyFile : IDisposable
{
    private readonly FileStream stream;

    /// <summary>Opens or makes it.</summary>
    /// <param name="path">Its folder must exist.</param>
    public AppendOnlyFile(string path)
    {
        Path = path;
        stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
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
    /// <param name="length">Bytes to keep.</param>
    public void CutTo(long length)
    {
        if (stream.Length != length) stream.SetLength(length);
        stream.Position = length;
    }

    /// <summary>Writes a line in one go.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="flush">Whether to wait until it is on the disk.</param>
    /// <exception cref="InputException">The disk is full or gone; the file is as it was before.</exception>
    public void Append(ReadOnlySpan<byte> line, bool flush)
    {
        var start = stream.Position;
        try
        {
            stream.Write([.. line, (byte)'\n']);
            if (flush) stream.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            CutTo(start);
            throw new InputException(Path, $"expected to append {line.Length + 1} bytes, found: {exception.Message}", "make room and run the same command again: it goes on from here", exception);
        }
    }

    /// <summary>Closes it.</summary>
    public void Dispose() => stream.Dispose();
}
