using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Eckart.Formats;

/// <summary>A whole file mapped read-only into memory; it must not shrink while it is open.</summary>
internal sealed class MappedFile : IDisposable
{
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private readonly SafeMemoryMappedViewHandle memory;

    private MappedFile(string path, MemoryMappedFile map, long length)
    {
        (Path, Length, this.map) = (path, length, map);
        view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        memory = view.SafeMemoryMappedViewHandle;
    }

    public string Path { get; }

    public long Length { get; }

    /// <param name="path">The file.</param>
    /// <param name="format">What it should be, as messages name it.</param>
    /// <param name="least">Bytes that the smallest such file has.</param>
    /// <exception cref="InputException">No such file, not readable, or too short.</exception>
    public static MappedFile Open(string path, string format, int least)
    {
        try
        {
            // A pipe has no length either, and opening one could wait forever.
            using var handle = new FileInfo(path).Length == 0 ? null : File.OpenHandle(path);
            var length = handle is null ? 0 : RandomAccess.GetLength(handle);
            if (length < least) throw new InputException(path, $"expected a {format} file of at least {least} bytes, found {length}", "download or save the file again");

            var map = MemoryMappedFile.CreateFromFile(handle!, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            try
            {
                return new MappedFile(path, map, length);
            }
            catch
            {
                map.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected a {format} file, found one that cannot be read: {e.Message}", "check the path and its permissions", e);
        }
    }

    /// <summary>Keeps the file mapped until the hold is disposed, though the file itself may be disposed meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed before.</exception>
    public Hold Keep()
    {
        var held = false;
        memory.DangerousAddRef(ref held);
        return new Hold(memory);
    }

    /// <summary>Bytes of the file; valid until it is disposed, or while it is held.</summary>
    public ReadOnlySpan<byte> Bytes(long offset, int length) => Span<byte>(offset, length);

    /// <summary>Values of the file, as they are stored; valid until it is disposed, or while it is held.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="count">Values, not bytes: a span of those would end at 2 GiB.</param>
    public unsafe ReadOnlySpan<T> Span<T>(long offset, int count) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)count * Unsafe.SizeOf<T>(), Length - offset);

        byte* start = null;
        memory.AcquirePointer(ref start);
        memory.ReleasePointer();
        return new ReadOnlySpan<T>(start + offset, count);
    }

    /// <summary>Unmaps the file as soon as nobody holds it.</summary>
    public void Dispose()
    {
        view.Dispose();
        map.Dispose();
    }

    /// <summary>One use of the file's memory.</summary>
    public readonly ref struct Hold(SafeMemoryMappedViewHandle memory)
    {
        public void Dispose() => memory.DangerousRelease();
    }
}
