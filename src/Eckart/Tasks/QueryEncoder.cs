using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Formats.Tokenizers;
using Eckart.Models;

namespace Eckart.Tasks;

/// <summary>Turns items into tokens by a scoring rule.</summary>
/// <param name="tokenizer">The model's; still the caller's.</param>
/// <param name="spec">The model's, for its positions and vocabulary.</param>
/// <param name="scoring">What a choice's own tokens are.</param>
/// <remarks>A choice is tokenised together with its prompt, and its own tokens are what follows the longest common prefix with the prompt's tokens, so that a
/// boundary within a token is scored right. Special tokens that a tokenizer adds at the end (an end of text) are left out.</remarks>
public sealed class QueryEncoder(TextTokenizer tokenizer, ModelSpec spec, Scoring scoring)
{
    /// <summary>Tokenises an item.</summary>
    /// <param name="item">As rendered.</param>
    /// <param name="where">The item, as messages name it.</param>
    /// <exception cref="InputException">A choice without tokens of its own, two choices with the same, an id beyond the vocabulary, more tokens than positions.</exception>
    public Query Encode(Item item, string where)
    {
        ArgumentNullException.ThrowIfNull(item);
        var choices = scoring.Rule switch
        {
            ScoringRule.MeanLogit => [.. item.Prompts.Select(prompt => new Continuation(Ids(prompt, where), 0))],
            ScoringRule.LabelToken => LabelTokens(item, where),
            _ => Continuations(item.Prompts, item.Choices, where),
        };
        RefuseTwins(choices, where);
        var priors = scoring is { Rule: ScoringRule.Choice, Normalization: ChoiceNormalization.Prior }
            ? Continuations([scoring.Prior!], item.Choices, where) : [];
        if (choices.IsEmpty) throw new InputException(where, "expected choices, found none", "give at least one");
        foreach (var continuation in choices.Concat(priors))
        {
            if (continuation.Ids.Length <= continuation.Own) throw new InputException(where, "expected a prompt before the choices, found none", "give the prompt a text");
            CheckAgainst(spec, continuation.Ids.Span, where);
        }

        return new Query(where, item.Row, item.Gold, choices, priors);
    }

    /// <summary>How many tokens of a prompt its beginning covers; a token across the end counts to what follows.</summary>
    /// <param name="beginning">Text that the prompt begins with.</param>
    /// <param name="prompt">The whole prompt's ids.</param>
    /// <param name="where">The item, as messages name it.</param>
    public int Covered(string beginning, ReadOnlySpan<int> prompt, string where) => Ids(beginning, where).AsSpan().CommonPrefixLength(prompt);

    /// <summary>A query of token ids as they are, for a checkpoint without a tokenizer; gold is the first choice.</summary>
    /// <param name="spec">The model's.</param>
    /// <param name="prompt">Ids of the prompt, at least one.</param>
    /// <param name="choices">Ids of each choice, at least one a choice.</param>
    /// <param name="where">The item, as messages name it.</param>
    /// <exception cref="InputException">As <see cref="Encode"/>.</exception>
    public static Query FromIds(ModelSpec spec, int[] prompt, int[][] choices, string where)
    {
        ArgumentNullException.ThrowIfNull(choices);
        if (prompt is not { Length: > 0 }) throw new InputException(where, "expected a prompt before the choices, found none", "give the prompt an id");
        if (choices.Length == 0 || choices.Any(choice => choice.Length == 0)) throw new InputException(where, "expected choices of at least one id, found an empty one", "give each choice an id");
        ImmutableArray<Continuation> continuations = [.. choices.Select(choice => new Continuation((int[])[.. prompt, .. choice], choice.Length))];
        RefuseTwins(continuations, where);
        foreach (var continuation in continuations) CheckAgainst(spec, continuation.Ids.Span, where);
        return new Query(where, 0, 0, continuations, []);
    }

    /// <summary>Whether a choice's own tokens begin before its prompt ends: the boundary lies within a token.</summary>
    public static bool SplitsPrompt(TextTokenizer tokenizer, string prompt, Continuation choice)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(choice);
        return choice.Ids.Length - choice.Own < tokenizer.LeadingSpecialTokens.Length + tokenizer.Encode(prompt, addSpecialTokens: false).Length;
    }

    // Refuses what the model cannot read.
    private static void CheckAgainst(ModelSpec spec, ReadOnlySpan<int> ids, string where)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (ids.Length > spec.LongestPrompt)
            throw new InputException(where, $"expected at most {spec.LongestPrompt} tokens, the model's positions, found {ids.Length}", "use fewer demonstrations (--shots) or shorter rows");
        foreach (var id in ids)
            if (id < 0 || id >= spec.Vocabulary)
                throw new InputException(where, $"expected token ids from 0 to {spec.Vocabulary - 1}, found {id}", "use the tokenizer that belongs to the weights");
    }

    /// <summary>Tokens of a whole text, with what the tokenizer puts before it and without what it puts after.</summary>
    private int[] Ids(string text, string where)
    {
        try
        {
            return [.. tokenizer.LeadingSpecialTokens, .. tokenizer.Encode(text, addSpecialTokens: false)];
        }
        catch (InputException problem)
        {
            throw new InputException(where, problem.Problems[0].Found, problem.Problems[0].Remedy, problem);
        }
    }

    private ImmutableArray<Continuation> Continuations(ImmutableArray<string> prompts, ImmutableArray<string> choices, string where) =>
        [.. choices.Select((choice, i) => Continuation(prompts[prompts.Length == 1 ? 0 : i], choice, where))];

    private Continuation Continuation(string prompt, string choice, string where)
    {
        var before = Ids(prompt, where);
        var whole = Ids(prompt + choice, where);
        var own = whole.Length - before.AsSpan().CommonPrefixLength(whole);
        if (own == 0) throw new InputException(where, $"expected choice '{choice}' to add tokens to its prompt, found none", "give the choice a text");
        return new Continuation(whole, own, scoring.Normalization switch
        {
            ChoiceNormalization.Tokens => own,
            ChoiceNormalization.Characters => choice.EnumerateRunes().Count(),
            _ => 1,
        });
    }

    private ImmutableArray<Continuation> LabelTokens(Item item, string where)
    {
        var before = Ids(item.Prompts[0], where);
        return [.. item.Choices.Select(choice => new Continuation((int[])[.. before, LabelToken(choice, where)], 1))];
    }

    // The authors' label words: with a leading space, but without one for byte-fallback BPE, which sets the space itself.
    private int LabelToken(string choice, string where)
    {
        var word = tokenizer.HasByteFallback ? choice.TrimStart(' ') : choice;
        return tokenizer.Encode(word, addSpecialTokens: false) is [var id] ? id
            : throw new InputException(where, $"expected label '{word}' to be one token, found {tokenizer.Encode(word, addSpecialTokens: false).Length}", "take label words that are one token, or another protocol");
    }

    private static void RefuseTwins(ImmutableArray<Continuation> choices, string where)
    {
        for (var i = 0; i < choices.Length; i++)
            for (var j = 0; j < i; j++)
                if (choices[i].Ids.Span.SequenceEqual(choices[j].Ids.Span))
                    throw new InputException(where, $"expected choices that differ, found choices {j} and {i} with the same tokens", "give each choice a text of its own");
    }
}
