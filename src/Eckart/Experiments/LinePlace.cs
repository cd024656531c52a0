namespace Eckart.Experiments;

/// <summary>Where a line stands in its file, and what tells whether it still does.</summary>
/// <param name="Start">Bytes before it.</param>
/// <param name="Length">Its bytes, without its end.</param>
/// <param name="Hash">Of them; another one in every process.</param>
internal readonly record struct LinePlace(long Start, int Length, int Hash)
{
    /// <summary>The place of a line.</summary>
    /// <param name="start">Bytes before it.</param>
    /// <param name="line">Its bytes, without its end.</param>
    public static LinePlace Of(long start, ReadOnlySpan<byte> line) => new(start, line.Length, HashOf(line));

    /// <summary>Whether some bytes are the line's.</summary>
    /// <param name="line">As many as it has.</param>
    public bool Holds(ReadOnlySpan<byte> line) => HashOf(line) == Hash;

    private static int HashOf(ReadOnlySpan<byte> line)
    {
        var hash = default(HashCode);
        hash.AddBytes(line);
        return hash.ToHashCode();
    }
}
