using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>One file of a commit, as the hub publishes it.</summary>
/// <param name="Name">Path in the repository.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Digest">Lower-case hexadecimal: SHA-256 of the bytes (64 digits), or git's SHA-1 of them as a blob (40 digits). Names the blob in the cache.</param>
internal sealed record HubFile(string Name, long Size, string Digest)
{
    public const int Sha256Digits = 64;

    /// <summary>A hash that ends in <see cref="Digest"/> once it has seen the file's bytes.</summary>
    public IncrementalHash StartHash()
    {
        if (Digest.Length == Sha256Digits) return IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var git = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        git.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {Size}\0")));
        return git;
    }
}
