using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Eckart.Formats;
using Eckart.Tasks;

namespace Eckart.Experiments;

/// <summary>What the queries of one split ask, for people: <c>items/DIGEST.json</c> in a run's folder, written once a set, so that a report needs no data. The same bytes whoever writes it.</summary>
/// <param name="Task">Name of the task.</param>
/// <param name="Split"><c>validation</c> or <c>test</c>.</param>
/// <param name="Metric">What a search on the task is judged by.</param>
/// <param name="Choices">The choices' words: one list where all queries have the same, or else one a query.</param>
/// <param name="Texts">What each query asks, without demonstrations, in the split's order.</param>
public sealed record ItemTexts(string Task, string Split, Metric Metric, ImmutableArray<ImmutableArray<string>> Choices, ImmutableArray<string> Texts)
{
    internal const string Folder = "items";
    private const int DigestLength = 32;

    private static readonly JsonSerializerOptions Options = new(TrialJson.Options) { Converters = { new JsonStringEnumConverter<Metric>(JsonNamingPolicy.SnakeCaseLower) } };

    /// <summary>The choices' words of a query.</summary>
    public ImmutableArray<string> ChoicesOf(int query) => Choices.Length == 1 ? Choices[0] : Choices[query];

    /// <summary>Those of a set of queries.</summary>
    internal static ItemTexts Of(TaskVariant variant, QuerySet set)
    {
        var items = set.Items.Items;
        var same = items.All(item => item.Choices.SequenceEqual(items[0].Choices));
        return new ItemTexts(variant.Name, set.Split, variant.Metric, same ? [items[0].Choices] : [.. items.Select(item => item.Choices)], [.. items.Select(item => item.Asked)]);
    }

    /// <summary>Reads those of a trial's queries; null where the run kept none.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="trial">One of its trials.</param>
    /// <exception cref="InputException">The file is something else.</exception>
    public static ItemTexts? Read(string folder, Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var path = PathOf(folder, trial.Key.Rows);
        if (!trial.Key.Rows.All(char.IsAsciiHexDigit) || !File.Exists(path)) return null;
        try
        {
            if (JsonSerializer.Deserialize<ItemTexts>(File.ReadAllBytes(path), Options) is { } items && items.Fit(trial)) return items;
        }
        catch (JsonException exception)
        {
            throw Malformed(path, trial.N, exception);
        }

        throw Malformed(path, trial.N, null);
    }

    /// <summary>Writes them into a run's folder that lacks them.</summary>
    internal static void Keep(string folder, string digest, Func<ItemTexts> items, FileCalls files)
    {
        var path = PathOf(folder, digest);
        if (File.Exists(path)) return;
        MakeFolder(folder, files);
        AtomicFile.Write(path, [.. JsonSerializer.SerializeToUtf8Bytes(items(), Options), (byte)'\n'], files);
    }

    /// <summary>Takes over those of another run's folder.</summary>
    internal static void Copy(string from, string into, FileCalls files)
    {
        var source = Path.Combine(from, Folder);
        if (!Directory.Exists(source)) return;
        MakeFolder(into, files);
        foreach (var path in Directory.GetFiles(source, "*.json"))
            if (Path.Combine(into, Folder, Path.GetFileName(path)) is var target && !File.Exists(target)) AtomicFile.Write(target, File.ReadAllBytes(path), files);
    }

    private static void MakeFolder(string folder, FileCalls files)
    {
        var path = Path.Combine(folder, Folder);
        try
        {
            files.MakeFolder(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected a folder for the items' texts, found: {exception.Message}", "make room, or name an --out that can be written to", exception);
        }
    }

    private static string PathOf(string folder, string digest) => Path.Combine(folder, Folder, $"{digest[..Math.Min(digest.Length, DigestLength)]}.json");

    private bool Fit(Trial trial) => !Texts.IsDefault && !Choices.IsDefault && Texts.Length == trial.N && Texts.All(text => text is not null) && (Choices.Length == 1 || Choices.Length == trial.N)
        && Enumerable.Range(0, trial.N).All(query => ChoicesOf(query) is { IsDefault: false } choices && choices.Length == trial.Scores[query].Length && choices.All(choice => choice is not null));

    private static InputException Malformed(string path, int n, Exception? inner) =>
        new(path, $"expected the texts of {n} queries, found something else", "remove it: the report then names queries by their rows", inner);
}
