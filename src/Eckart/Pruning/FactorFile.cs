using System.Buffers.Binary;
using System.Security.Cryptography;
using Eckart.Formats;
using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Pruning;

/// <summary>Factors in a file: a header, which the matrix determines, the left and the right factor as little-endian float32, and the SHA-256 of all before.</summary>
internal static class FactorFile
{
    /// <summary>Of the layout below; goes into the header and into every key.</summary>
    public const int Version = 1;

    private const int Numbers = 4;

    // Reads as text at the head of the file.
    private static ReadOnlySpan<byte> Magic => "eckart factors\r\n"u8;

    /// <summary>Reads the factors of a matrix.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">What the factors must be those of: SHA-256.</param>
    /// <param name="m">Rows of the matrix.</param>
    /// <param name="n">Its columns.</param>
    /// <returns>Null where there are none that can be believed: no file, no reading it, damage, or another matrix's factors.</returns>
    public static SpectralFactors? Read(string path, ReadOnlySpan<byte> key, long m, long n)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return Read(stream, Header(key, m, n), m, n);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes factors, replacing whatever file is there.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="key">What they are the factors of: SHA-256.</param>
    /// <param name="factors">All min(m, n) terms; still the caller's.</param>
    /// <exception cref="InputException">It cannot be written; an older version is still there.</exception>
    public static void Write(string path, ReadOnlySpan<byte> key, SpectralFactors factors)
    {
        var (m, n) = (factors.Left.shape[0], factors.Right.shape[1]);
        var header = Header(key, m, n);
        AtomicFile.Write(path, Length(header, m, n), stream =>
        {
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            stream.Write(header);
            digest.AppendData(header);
            foreach (var factor in new[] { factors.Left, factors.Right })
                TensorMemory.Of(factor).ForEachBlock(block =>
                {
                    stream.Write(block);
                    digest.AppendData(block);
                });
            stream.Write(digest.GetHashAndReset());
        });
    }

    // The length is checked first: nothing is taken from a file that cannot be whole.
    private static SpectralFactors? Read(FileStream stream, byte[] header, long m, long n)
    {
        var found = new byte[header.Length];
        if (stream.Length != Length(header, m, n)) return null;
        stream.ReadExactly(found);
        if (!found.AsSpan().SequenceEqual(header)) return null;

        using var scope = NewDisposeScope();
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(header);
        Tensor[] parts = [empty(m, Math.Min(m, n), float32), empty(Math.Min(m, n), n, float32)];
        foreach (var part in parts)
        {
            var memory = TensorMemory.Of(part);
            memory.AdviseLargePages();
            memory.ForEachBlock(block =>
            {
                stream.ReadExactly(block);
                digest.AppendData(block);
            });
        }

        var expected = new byte[SHA256.HashSizeInBytes];
        stream.ReadExactly(expected);
        return digest.GetHashAndReset().AsSpan().SequenceEqual(expected) ? SpectralFactors.FromParts(parts[0], parts[1]) : null;
    }

    // Magic, version, m, n, k, key.
    private static byte[] Header(ReadOnlySpan<byte> key, long m, long n)
    {
        var header = new byte[Magic.Length + (Numbers * sizeof(long)) + key.Length];
        Magic.CopyTo(header);
        ReadOnlySpan<long> numbers = [Version, m, n, Math.Min(m, n)];
        for (var i = 0; i < Numbers; i++) BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(Magic.Length + (i * sizeof(long))), numbers[i]);
        key.CopyTo(header.AsSpan(header.Length - key.Length));
        return header;
    }

    private static long Length(byte[] header, long m, long n) => header.Length + (Math.Min(m, n) * (m + n) * sizeof(float)) + SHA256.HashSizeInBytes;
}
