using System.Collections.Frozen;
using Eckart.Training.Microworld;

namespace Eckart.Tests.Training.Microworld;

/// <summary>Training texts as a reader sees them: what words mean is looked up here, not asked of the generator.</summary>
internal static class SomeTexts
{
    /// <summary>Attribute, class and number of every word.</summary>
    public static FrozenDictionary<string, (int Attribute, int Class, int Number)> Meaning { get; } = (
        from attribute in Lexicon.Attributes.Index()
        from words in attribute.Item.Classes.Index()
        from word in words.Item.Words.Index()
        select (word.Item, (attribute.Index, words.Index, word.Index))).ToFrozenDictionary(pair => pair.Item1, pair => pair.Item2);

    /// <summary>Draws a text and its weights.</summary>
    public static (int[] Ids, float[] Weights) Draw(MicroworldTexts texts, long step, long steps, int place)
    {
        var (ids, weights) = (new int[texts.Length], new float[texts.Length - 1]);
        texts.Draw(step, steps, place, ids, weights);
        return (ids, weights);
    }

    /// <summary>Texts of one step.</summary>
    public static IEnumerable<SomeText> Many(int count, double progress = 0.6, MicroworldRecipe? recipe = null, ulong seed = 7)
    {
        var texts = new MicroworldTexts(recipe ?? new MicroworldRecipe(), seed);
        return Enumerable.Range(0, count).Select(place => new SomeText([.. Draw(texts, (long)(progress * 1000), 1000, place).Ids.Select(id => MicroworldVocabulary.Tokens[id])]));
    }
}

/// <summary>One text, read.</summary>
internal sealed class SomeText(string[] tokens)
{
    public string[] Tokens => tokens;

    /// <summary>Whole lines, each as its words and its label.</summary>
    public (string[] Words, string Label)[] Lines { get; } = Read(tokens);

    /// <summary>Whether it is lines of a label after a colon, all of as many words.</summary>
    public bool IsLines => Lines.Length > 0 && Lines.Sum(line => line.Words.Length + 3) is var read && tokens.Length - read < Lines[0].Words.Length + 3
        && Lines.All(line => line.Words.Length == Lines[0].Words.Length && line.Words.All(SomeTexts.Meaning.ContainsKey) && !SomeTexts.Meaning.ContainsKey(line.Label));

    public int WordsOfLine => Lines[0].Words.Length;

    public string[] Labels => [.. Lines.Select(line => line.Label).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Share of the lines whose label is what a rule says.</summary>
    public double Agreement(Func<string[], string> rule) => Lines.Average(line => rule(line.Words) == line.Label ? 1.0 : 0.0);

    private static (string[] Words, string Label)[] Read(string[] tokens)
    {
        var lines = new List<(string[], string)>();
        for (var start = 0; Array.IndexOf(tokens, "\n", start) is var end and >= 0; start = end + 1)
        {
            if (end - start < 3 || tokens[end - 2] != ":") return [];
            lines.Add((tokens[start..(end - 2)], tokens[end - 1]));
        }
        return [.. lines];
    }
}
