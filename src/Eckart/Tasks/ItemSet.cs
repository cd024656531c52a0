using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Eckart.Tasks;

/// <summary>The items of one split, in its order.</summary>
/// <param name="Items">Those taken.</param>
/// <param name="Available">How many there were to take from.</param>
public sealed record ItemSet(ImmutableArray<Item> Items, int Available)
{
    /// <summary>SHA-256, in hexadecimal, of all that a model is asked and of what is right: it goes into trial ids. Computed on each call.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var item in Items)
        {
            Append(hash, item.Row);
            Append(hash, item.Gold);
            Append(hash, item.Prompts);
            Append(hash, item.Choices);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Lengths before texts: no two sets of items run together into the same bytes.
    private static void Append(IncrementalHash hash, ImmutableArray<string> texts)
    {
        Append(hash, texts.Length);
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Append(hash, bytes.Length);
            hash.AppendData(bytes);
        }
    }

    private static void Append(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
