namespace Eckart.Formats.Gguf;

/// <summary>The merges of a SentencePiece BPE vocabulary, which stores scores in their place.</summary>
/// <remarks>Source: the rule by which transformers converts such vocabularies. Every way to cut a token into two tokens is a merge; higher
/// scores come first, then the longer left and the longer right part (in characters), then the order of the vocabulary.</remarks>
internal static class ScoredMerges
{
    /// <param name="tokens">In the order of their ids.</param>
    public static IReadOnlyList<(string Left, string Right)> Of(IEnumerable<(string Text, float Score)> tokens)
    {
        var scored = tokens.ToList();
        var ids = scored.Select((token, index) => KeyValuePair.Create(token.Text, index)).ToDictionary(StringComparer.Ordinal);
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new List<Merge>();
        foreach (var (text, score) in scored)
        {
            var first = merges.Count;
            for (var cut = 1; cut < text.Length; cut++)
            {
                if (char.IsLowSurrogate(text[cut])) continue;
                if (lookup.TryGetValue(text.AsSpan(0, cut), out var left) && lookup.TryGetValue(text.AsSpan(cut), out var right))
                    merges.Add(new Merge(text[..cut], text[cut..], left, right, score));
            }

            merges.Sort(first, merges.Count - first, Comparer<Merge>.Create((a, b) => (a.LeftId, a.RightId).CompareTo((b.LeftId, b.RightId))));
        }

        return [.. merges.OrderByDescending(merge => merge.Score)
            .ThenByDescending(merge => Characters(merge.Left)).ThenByDescending(merge => Characters(merge.Right))
            .Select(merge => (merge.Left, merge.Right))];
    }

    private static int Characters(string text) => text.Length - text.Count(char.IsLowSurrogate);

    private readonly record struct Merge(string Left, string Right, int LeftId, int RightId, float Score);
}
