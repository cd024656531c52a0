using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;

namespace Eckart.Training.Microworld;

/// <summary>The rows of the embedded tasks: three tables each of all lines of a kind, no line twice, the classes in equal shares.</summary>
public static class MicroworldTables
{
    private const ulong Purpose = 0x7461_626C_65;   // "table": other streams than the training's and the exam's
    private static readonly ImmutableArray<string> Splits = ["train", "validation", "test"];

    /// <summary>Draws all tables.</summary>
    /// <returns>Content in JSON Lines by path, e.g. <c>phrases/test.jsonl</c>.</returns>
    public static ImmutableSortedDictionary<string, string> Draw()
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (i, table) in Tables().Index())
            foreach (var (split, rows) in Splits.Zip(Divide(table, (ulong)i)))
                files.Add($"{table.Name}/{split}.jsonl", rows);
        return files.ToImmutable();
    }

    private static IEnumerable<Table> Tables() =>
    [
        .. Lexicon.Attributes.Select((attribute, i) => new Table($"{attribute.Field}s", [12, 6, 18], Lines(WordPool.All, i), Row)),
        new("words", [8, 16, 48], [.. Enumerable.Range(0, Lexicon.Attributes.Length).SelectMany(i => Lines(WordPool.All, i))], Kind) { Cell = words => words[0].Attribute },
        new("phrases", [64, 128, 384], Lines(WordPool.SharedOnly, 0, 1), Phrase),
        new("phrases-kept", [16, 32, 96], Lines(WordPool.KeptOnly, 0, 1), Phrase),
        new("scenes", [64, 128, 384], Lines(WordPool.SharedOnly, 2, 3), Row),
        new("scenes-kept", [16, 32, 96], Lines(WordPool.KeptOnly, 2, 3), Row),
        new("nouns-alike", [64, 112, 376], Lines(WordPool.SharedOnly, 1, 1), Pair),
        new("completions", [32, 56, 188], Lines(WordPool.SharedOnly, 0, 1, 1).Where(words => words[1].Class != words[2].Class), Completion) { Cell = words => (ByClasses(words) * 2) + Wanted(words) },
    ];

    // As many lines of each cell into each table, mixed.
    private static IEnumerable<string> Divide(Table table, ulong number)
    {
        var random = SeededDraws.At(Purpose, number);
        Word[][][] cells = [.. table.Lines.GroupBy(table.Cell).OrderBy(cell => cell.Key).Select(cell => cell.ToArray())];
        foreach (var cell in cells) random.Shuffle<Word[]>(cell);
        var taken = 0;
        foreach (var each in table.OfEachCell)
        {
            Word[][] rows = [.. cells.SelectMany(cell => cell[taken..(taken + each)])];
            random.Shuffle<Word[]>(rows);
            taken += each;
            yield return rows.Aggregate(new StringBuilder(), (text, words) => text.Append(table.Row(words).ToJsonString()).Append('\n')).ToString();
        }
    }

    // All lines of words of these attributes, no word twice in a line.
    private static IEnumerable<Word[]> Lines(WordPool pool, params int[] attributes) => attributes.Aggregate(
        (IEnumerable<Word[]>)[[]],
        (lines, attribute) => from line in lines from side in (int[])[0, 1] from number in pool.Numbers let word = new Word(attribute, side, number) where !line.Contains(word) select (Word[])[.. line, word]);

    private static JsonObject Row(Word[] words)
    {
        var row = new JsonObject();
        foreach (var word in words) row[Lexicon.Attributes[word.Attribute].Field] = word.ToString();
        foreach (var word in words) row[Lexicon.Attributes[word.Attribute].Name] = Class(word);
        return row;
    }

    private static JsonObject Phrase(Word[] words)
    {
        var row = Row(words);
        row["usual"] = Lexicon.PhraseLabels[Meaning.Agreement.Of(words)];
        return row;
    }

    private static JsonObject Kind(Word[] words) => new() { ["word"] = words[0].ToString(), ["kind"] = Lexicon.Attributes[words[0].Attribute].Field };

    private static JsonObject Pair(Word[] words) => new() { ["first"] = words[0].ToString(), ["second"] = words[1].ToString(), ["alike"] = Lexicon.AlikeLabels[Meaning.Agreement.Of(words)] };

    private static JsonObject Completion(Word[] words) => new()
    {
        ["adjective"] = words[0].ToString(),
        ["first"] = words[1].ToString(),
        ["second"] = words[2].ToString(),
        ["feeling"] = Lexicon.Attributes[1].Classes[Wanted(words)].Name,
        ["fits"] = words[1].Class == Wanted(words) ? "first" : "second",
    };

    // The class of the noun that fits: as good as drawn, and the same whatever the order of the lines.
    private static int Wanted(Word[] words) => words.Sum(word => word.Number) % 2;

    private static int ByClasses(Word[] words) => words.Take(2).Aggregate(0, (cell, word) => (cell * 2) + word.Class);

    private static string Class(Word word) => Lexicon.Attributes[word.Attribute].Classes[word.Class].Name;

    private sealed record Table(string Name, ImmutableArray<int> OfEachCell, IEnumerable<Word[]> Lines, Func<Word[], JsonObject> Row)
    {
        // Lines of a cell are drawn alike.
        public Func<Word[], int> Cell { get; init; } = ByClasses;
    }
}
