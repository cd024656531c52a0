using System.Security.Cryptography;

namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>The part of a blob that is there, in a file that nothing takes for the whole; bytes are hashed as they come.</summary>
internal sealed class PartialBlob : IDisposable
{
    private const int BufferBytes = 1 << 20;
    private readonly string path;
    private readonly HubFile file;
    private readonly FileStream stream;
    private IncrementalHash hash;

    /// <summary>Opens what an interrupted download has left, or an empty file.</summary>
    public PartialBlob(string path, HubFile file, CancellationToken cancellation)
    {
        (this.path, this.file, hash) = (path, file, file.StartHash());
        HubRepository.MakeFolderOf(path);
        stream = Try(() => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));       // a kill loses nothing that has arrived
        try
        {
            if (stream.Length > file.Size) Restart();
            HashWhatIsThere(cancellation);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    public bool IsFull => Length == file.Size;

    /// <summary>Throws away what is there.</summary>
    public void Restart()
    {
        hash.Dispose();
        hash = file.StartHash();
        Length = 0;
        Try(() =>
        {
            stream.SetLength(0);
            return 0;
        });
    }

    public void Append(ReadOnlyMemory<byte> bytes)
    {
        Try(() =>
        {
            stream.Write(bytes.Span);
            return 0;
        });
        hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    /// <summary>The digest of all bytes so far.</summary>
    public string Digest() => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>Closes the file and gives it its name.</summary>
    public void Finish(string blob)
    {
        Try(() =>
        {
            stream.Flush(flushToDisk: true);
            stream.Dispose();
            File.Move(path, blob, overwrite: true);
            return 0;
        });
    }

    public void Dispose()
    {
        hash.Dispose();
        stream.Dispose();
    }

    private void HashWhatIsThere(CancellationToken cancellation)
    {
        var buffer = new byte[Math.Min(BufferBytes, stream.Length)];
        while (Length < stream.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = Try(() => stream.Read(buffer));
            hash.AppendData(buffer.AsSpan(0, read));
            Length += read;
        }
    }

    private T Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw HubRepository.CannotWrite(path, e);
        }
    }
}
