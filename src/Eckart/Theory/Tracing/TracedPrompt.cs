using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Theory.Tracing;

/// <summary>A prompt whose tokens are told apart: those that a tokenizer puts before any text, each demonstration's, the query's own.</summary>
/// <param name="Where">The item, as messages name it.</param>
/// <param name="Ids">All tokens up to the query's last, the one whose state predicts the answer; not to be changed.</param>
/// <param name="Leading">Tokens before the first demonstration.</param>
/// <param name="Ends">Place behind the last token of each demonstration, ascending; at least one.</param>
public sealed record TracedPrompt(string Where, ReadOnlyMemory<int> Ids, int Leading, ImmutableArray<int> Ends)
{
    /// <summary>N: demonstrations.</summary>
    public int Demonstrations => Ends.Length;

    /// <summary>Tokens of all demonstrations.</summary>
    public int DemonstrationTokens => Ends[^1] - Leading;

    /// <summary>The same prompt without its demonstrations.</summary>
    public ReadOnlyMemory<int> OwnIds => (int[])[.. Ids.Span[..Leading], .. Ids.Span[Ends[^1]..]];

    /// <summary>The item under an intervention, as messages name it.</summary>
    /// <param name="intervention">Of the model that runs it.</param>
    public string Under(Intervention intervention) => $"{Where} under {intervention}";

    /// <summary>Place of a demonstration's first token, and how many it has.</summary>
    /// <param name="demonstration">From 0.</param>
    public (int Start, int Count) TokensOf(int demonstration)
    {
        var start = demonstration == 0 ? Leading : Ends[demonstration - 1];
        return (start, Ends[demonstration] - start);
    }

    /// <summary>Takes an item apart.</summary>
    /// <param name="item">As rendered.</param>
    /// <param name="demonstrations">Those that its prompt begins with.</param>
    /// <param name="encoder">Of the model.</param>
    /// <param name="where">The item, as messages name it.</param>
    /// <exception cref="InputException">No demonstrations, an item that is a prompt a choice, or a demonstration without a token of its own.</exception>
    /// <remarks>A token across the end of a demonstration counts to what follows.</remarks>
    public static TracedPrompt Of(Item item, ItemSet demonstrations, QueryEncoder encoder, string where)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(demonstrations);
        ArgumentNullException.ThrowIfNull(encoder);
        if (demonstrations.Items.IsEmpty) throw new InputException(where, "expected demonstrations, whose implicit gradients are traced, found none", "ask for some with --shots");
        var first = encoder.Encode(item, where).Choices[0];
        if (first.Own == 0) throw new InputException(where, "expected one prompt before all choices, found a whole text a choice", "take another protocol (--protocol)");

        var ids = first.Ids[..^first.Own];
        var ends = EndsOf(demonstrations, ids.Span, encoder, where);
        return ends[^1] < ids.Length ? new TracedPrompt(where, ids, encoder.Covered("", ids.Span, where), ends)
            : throw new InputException(where, "expected tokens of the query's own behind the demonstrations, found none", "give the task's query a text");
    }

    private static ImmutableArray<int> EndsOf(ItemSet demonstrations, ReadOnlySpan<int> ids, QueryEncoder encoder, string where)
    {
        var (text, last) = ("", encoder.Covered("", ids, where));
        var ends = ImmutableArray.CreateBuilder<int>();
        foreach (var demonstration in demonstrations.Items)
        {
            text += demonstration.Prompts[0];
            var end = encoder.Covered(text, ids, where);
            if (end <= last) throw new InputException(where, $"expected every demonstration to have tokens of its own, found none in demonstration {ends.Count}", "end demonstrations with a line break in the task's file");
            ends.Add(last = end);
        }

        return ends.ToImmutable();
    }
}
