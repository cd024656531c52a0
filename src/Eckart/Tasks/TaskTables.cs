using System.Collections.Immutable;
using System.Globalization;
using Eckart.Formats;
using Eckart.Formats.Tables;

namespace Eckart.Tasks;

/// <summary>The tables of a task, each found, read and shuffled when it is first asked for.</summary>
/// <param name="variant">The task.</param>
/// <param name="dataFolder">Holds one folder a task; null where the user has named none.</param>
/// <param name="seed">Of the shuffles.</param>
internal sealed class TaskTables(TaskVariant variant, string? dataFolder, long seed)
{
    private readonly SortedDictionary<string, TaskTable> tables = new(StringComparer.Ordinal);

    /// <summary>A table by its name in the task's split rules.</summary>
    /// <exception cref="InputException">Missing, or a row that cannot be used.</exception>
    public TaskTable this[string name] => tables.TryGetValue(name, out var table) ? table : tables[name] = Read(name);

    /// <summary>What reports must say of the tables read so far.</summary>
    public ImmutableArray<string> Notes() =>
    [
        .. from pair in tables
           where variant.PublishedRows.TryGetValue(pair.Key, out var published) && published != pair.Value.Rows.Length
           select string.Create(CultureInfo.InvariantCulture, $"{variant.Name}: {Path.GetFileName(pair.Value.Path)} has {pair.Value.Rows.Length:N0} rows, the published table {variant.PublishedRows[pair.Key]:N0}: the split is not the authors'."),
    ];

    private TaskTable Read(string name)
    {
        if (variant is { Folder: null, Data: { } embedded }) return TaskTable.Read(EmbeddedTables.Path(embedded, name), EmbeddedTables.Read(embedded, name), variant, seed);
        var path = Find(name);
        return TaskTable.Read(path, TableFile.Read(path), variant, seed);
    }

    private string Find(string name)
    {
        var obtain = variant.Source.Obtain ?? "put the table there";
        if (variant.Data is { } own) return Confined(name == SplitRule.OneTable ? own : SplitFolder.Find(own, name, obtain));
        if (string.IsNullOrEmpty(dataFolder))
            throw new InputException("--data", $"expected a folder that holds {variant.Name}/{name}.jsonl (or {string.Join(", ", TableFile.Extensions.Skip(1))}), found none given", obtain);

        return SplitFolder.Find(Path.Combine(dataFolder, variant.Name), name, obtain);
    }

    // The file was checked when it was loaded: its tables could be links, or have become links since.
    private string Confined(string table) => variant.Folder is { } folder && ConfinedPath.Holds(folder, table)
        ? table
        : throw new InputException(table, $"expected a table to stay in the folder of the task's file ({variant.Folder}), found a link out of it", "put the table itself there");
}
