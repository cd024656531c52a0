using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Formats.Tables;

namespace Eckart.Tasks;

/// <summary>Reads a task's file: the parts that all protocols share, then each protocol's own over them.</summary>
internal static class TaskFile
{
    private static readonly string[] OwnKeys = ["name", "version", "title", "source", "rows", "data", "label", "protocols"];
    private static readonly string[] Tables = ["train", "validation", "test"];

    /// <summary>Reads and checks a whole file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="path">The file, as messages name it.</param>
    /// <param name="folder">Folder that its <c>data</c> is relative to; null for a file of the library, whose <c>data</c> names embedded tables.</param>
    /// <exception cref="Eckart.Formats.InputException">Everything that is wrong with it.</exception>
    public static TaskDefinition Parse(string text, string path, string? folder)
    {
        var problems = new ProblemList(path);
        var root = new YamlReader(problems).Read(text);
        if (root is { Kind: not YamlKind.Map }) problems.Report(root.Line, $"expected keys and values, found {YamlMap.Name(root)}", "start with 'name: …'");
        if (root is not { Kind: YamlKind.Map })
        {
            problems.ThrowIfAny();
            throw new InvalidOperationException("A file without a root has a problem.");
        }

        var map = new YamlMap(problems, root);
        map.Allow([.. OwnKeys, .. VariantReader.Keys]);
        var task = Shared(map, folder);
        var variants = Variants(map, root, task, problems);
        problems.ThrowIfAny();
        return new TaskDefinition(task.Name, task.Version, task.Title, task.Source, variants);
    }

    private static SharedParts Shared(YamlMap map, string? folder)
    {
        var name = map.Require("name", "give the task a short name") is { } node ? map.Text(node, "name") : null;
        if (name is not null && (name.Length > 64 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))))
            map.Report(map.Find("name")!.Line, $"expected 'name' to be letters, digits, _ and -, found {Excerpt.Of(name)}", "shorten or respell it");
        var label = map.Require("label", "name the field of a row that holds the answer") is { } field ? map.Text(field, "label") : null;
        return new SharedParts(name ?? "", map.Whole("version", 1, 1_000_000) ?? 1, map.Text("title") ?? name ?? "", Source(map), Rows(map), Data(map, folder), folder, label ?? "");
    }

    private static TaskSource Source(YamlMap map)
    {
        var source = map.Map("source");
        source?.Allow("hub", "url", "licence", "cite", "obtain");
        return new TaskSource(source?.Text("hub"), source?.Text("url"), source?.Text("licence"), source?.Text("cite"), source?.Text("obtain"));
    }

    private static ImmutableSortedDictionary<string, int> Rows(YamlMap map)
    {
        var rows = map.Map("rows");
        rows?.Allow(Tables);
        return Tables.Where(table => rows?.Find(table) is not null)
            .ToImmutableSortedDictionary(table => table, table => rows!.Whole(table, 1, int.MaxValue) ?? 0, StringComparer.Ordinal);
    }

    // A task handed to someone else must not read that person's other files.
    private static string? Data(YamlMap map, string? folder)
    {
        if (map.Find("data") is not { } node || map.Text(node, "data") is not { } relative) return null;
        if (folder is null && EmbeddedTables.Contain(relative)) return relative;
        if (folder is null || relative.Length == 0 || relative.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(relative))
        {
            map.Report(node.Line, $"expected 'data' to be a path relative to the task's file, found {Excerpt.Of(relative)}", "put the data beside the task's file");
            return null;
        }
        var full = Path.GetFullPath(relative, folder);
        if (ConfinedPath.Holds(folder, full)) return full;

        map.Report(node.Line, $"expected 'data' to stay in the folder of the task's file, found {Excerpt.Of(relative)}", "put the data beside the task's file");
        return null;
    }

    private static ImmutableSortedDictionary<Protocol, TaskVariant> Variants(YamlMap map, YamlNode root, SharedParts task, ProblemList problems)
    {
        var words = Enum.GetValues<Protocol>().ToDictionary(protocol => protocol.ToString().ToLowerInvariant());
        var variants = ImmutableSortedDictionary.CreateBuilder<Protocol, TaskVariant>();
        var own = map.Map("protocols");
        own?.Allow([.. words.Keys]);
        foreach (var (word, protocol) in words)
        {
            var over = own?.Map(word);
            over?.Allow(VariantReader.Keys);
            if (over is not null || protocol == Protocol.Default)
                variants[protocol] = new VariantReader(over is null ? map : new YamlMap(problems, own!.Find(word)!, root)).Read(task, protocol);
        }
        return variants.ToImmutable();
    }
}

/// <summary>What a task's file says once, for all its protocols.</summary>
internal sealed record SharedParts(string Name, int Version, string Title, TaskSource Source, ImmutableSortedDictionary<string, int> Rows, string? Data, string? Folder, string Label)
{
    /// <summary>Whether <c>data</c> is one table rather than a folder of them.</summary>
    public bool HasOneTable => Data is not null && TableFile.Extensions.Any(end => Data.EndsWith(end, StringComparison.OrdinalIgnoreCase));
}
