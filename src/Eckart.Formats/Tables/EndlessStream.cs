using System.IO.Compression;

namespace Eckart.Formats.Tables;

/// <summary>A gzip file with bytes after its end that cannot belong to it, so that a file cut short can be told from a whole one.</summary>
/// <param name="file">At its start; still owned by the caller.</param>
/// <remarks><see cref="GZipStream"/> takes any end of its input for the end of the data. After a whole member it stops at the first byte that starts no other one;
/// within a member it takes them for data and fails, or asks for more than these, which is refused here.</remarks>
internal sealed class EndlessStream(Stream file) : Stream
{
    private const int Padding = 16;
    private bool ended;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file ended within its data.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = file.Read(buffer, offset, count);
        if (read > 0 || count == 0) return read;
        if (ended) throw new InvalidDataException("The gzip data ends early.");

        ended = true;
        var padding = buffer.AsSpan(offset, Math.Min(count, Padding));
        padding.Fill(0xFF);   // not 0: a file without the zeros that end a small length would pass
        return padding.Length;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
