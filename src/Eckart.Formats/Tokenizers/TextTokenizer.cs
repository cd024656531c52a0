using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Eckart.Formats.HuggingFace;
using Tokenizers.DotNet;

namespace Eckart.Formats.Tokenizers;

/// <summary>Text to token ids and back, with Hugging Face's ids exactly. All members but <see cref="Dispose"/> may be called from several threads.</summary>
/// <remarks>
/// <para>Source: Hugging Face's tokenizers themselves, through Tokenizers.DotNet. The binding always adds special tokens when it encodes and leaves
/// them out when it decodes; it is therefore given a copy of the file that has no post-processor and no token marked as special, and what the
/// post-processor adds is put around its ids here. One copy of the vocabulary serves all uses.</para>
/// <para>Deviation: <c>truncation</c> and <c>padding</c> of the file are ignored, as transformers ignores them unless asked.</para>
/// </remarks>
public sealed class TextTokenizer : IDisposable
{
    private readonly string where;
    private readonly Tokenizer library;
    private readonly Vocabulary vocabulary;
    private readonly SpecialTokens specials;

    private TextTokenizer(JsonObject tokenizer, string where)
    {
        this.where = where;
        vocabulary = Vocabulary.Read(tokenizer, where);
        specials = SpecialTokens.Read(tokenizer["post_processor"], where);
        if (specials.Leading.Concat(specials.Trailing).Any(id => !vocabulary.Contains(id)))
            throw new InputException($"{where}: post_processor", "expected it to add tokens of the vocabulary, found an id that no token has", "take the tokenizer.json that belongs to the model");

        HasByteFallback = tokenizer["model"]?["byte_fallback"] is JsonValue flag && flag.TryGetValue(out bool isSet) && isSet;
        UnsoundParts.Refuse(tokenizer, where);
        library = PlainTokenizer.Load(tokenizer, where);
    }

    /// <summary>Largest token id + 1.</summary>
    public int VocabularySize => vocabulary.Size;

    /// <summary>Whether characters outside the vocabulary become byte tokens such as <c>&lt;0x0A&gt;</c> (LLaMA-2's way).</summary>
    public bool HasByteFallback { get; }

    /// <summary>What encoding with special tokens puts before a text, e.g. the begin-of-text token.</summary>
    public ImmutableArray<int> LeadingSpecialTokens => specials.Leading;

    /// <summary>Loads a file; the caller disposes the tokenizer.</summary>
    /// <param name="tokenizerJsonPath">A <c>tokenizer.json</c>.</param>
    /// <exception cref="InputException">Not readable, not JSON, or refused by the library, whose reason is given.</exception>
    public static TextTokenizer Load(string tokenizerJsonPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(tokenizerJsonPath);
        return FromJson(JsonObjectFile.Read(tokenizerJsonPath), tokenizerJsonPath);
    }

    /// <summary>Makes a tokenizer from the content of a <c>tokenizer.json</c>; the caller disposes it.</summary>
    /// <param name="tokenizerJson">Read only.</param>
    /// <param name="where">The file it is from, as messages name it.</param>
    /// <exception cref="InputException">Malformed, or refused by the library, whose reason is given.</exception>
    public static TextTokenizer FromJson(JsonObject tokenizerJson, string where)
    {
        ArgumentNullException.ThrowIfNull(tokenizerJson);
        try
        {
            return new TextTokenizer(tokenizerJson, where);
        }
        catch (InvalidOperationException error)
        {
            // System.Text.Json finds an escaped lone surrogate in a value only when asked for it.
            throw new InputException(where, $"expected a tokenizer in JSON, found a fault: {Excerpt.Of(error)}", "take the tokenizer.json that belongs to the model", error);
        }
    }

    /// <summary>The token ids of a text.</summary>
    /// <param name="text">Any text: NUL and the texts of special tokens included.</param>
    /// <param name="addSpecialTokens">Whether to add what the tokenizer puts around a text.</param>
    /// <exception cref="InputException">A lone surrogate, a word outside a vocabulary that has no token for unknown ones, or a text that the library refuses.</exception>
    public int[] Encode(string text, bool addSpecialTokens)
    {
        ArgumentNullException.ThrowIfNull(text);
        RefuseLoneSurrogates(text);
        var plain = MemoryMarshal.Cast<uint, int>(Plain(text));
        return addSpecialTokens ? [.. specials.Leading, .. plain, .. specials.Trailing] : [.. plain];
    }

    /// <summary>The text of token ids, special tokens kept.</summary>
    /// <param name="ids">Ids of this vocabulary.</param>
    /// <exception cref="InputException">An id that no token has.</exception>
    public string Decode(IReadOnlyList<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        foreach (var id in ids) vocabulary.Text(id);
        return ids.Count == 0 ? "" : Ask(() => library.Decode([.. ids.Select(id => (uint)id)]));
    }

    /// <summary>A token as the vocabulary writes it, e.g. <c>Ġthe</c>.</summary>
    /// <param name="id">Id of this vocabulary.</param>
    /// <exception cref="InputException">No token has the id.</exception>
    public string Token(int id) => vocabulary.Text(id);

    /// <summary>Frees the library's copy.</summary>
    public void Dispose() => library.Dispose();

    private static void RefuseLoneSurrogates(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                throw new InputException("text", $"expected text, found the lone surrogate U+{(int)text[i]:X4} at character {i}", "remove or replace it");
            i++;
        }
    }

    private uint[] Plain(string text)
    {
        try
        {
            return Ask(() => library.Encode(text));
        }
        catch (InputException refused) when (UnknownWord(text) is { } word)
        {
            throw new InputException("text", $"expected words of the model's vocabulary ({where}), found {Excerpt.Of(word)}", "use its words", refused);
        }
    }

    // The library does not say which word it lacks.
    private string? UnknownWord(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(word =>
    {
        try
        {
            library.Encode(word);
            return false;
        }
        catch (TokenizerException)
        {
            return true;
        }
    });

    private T Ask<T>(Func<T> question)
    {
        try
        {
            return question();
        }
        catch (TokenizerException error)
        {
            throw new InputException(where, $"expected a text that the tokenizer takes, found that it does not: {Excerpt.Of(error)}", "take the tokenizer.json that belongs to the model", error);
        }
    }
}
