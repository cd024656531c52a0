using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Formats.Tables;

namespace Eckart.Tasks;

/// <summary>One table of a task: its rows, what each is labelled, and which are taken.</summary>
internal sealed class TaskTable
{
    private readonly HashSet<int> taken = [];
    private readonly int[] shuffled;
    private readonly int[][] classes;   // rows of each class, as shuffled

    private TaskTable(string path, ImmutableArray<Row> rows, int[] gold, int[] shuffled, int[][] classes) =>
        (Path, Rows, Gold, this.shuffled, this.classes) = (path, rows, gold, shuffled, classes);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>All rows, in the file's order.</summary>
    public ImmutableArray<Row> Rows { get; }

    /// <summary>The right choice of each row.</summary>
    public IReadOnlyList<int> Gold { get; }

    /// <summary>Reads a table and shuffles it.</summary>
    /// <param name="path">As messages name it.</param>
    /// <param name="table">Its rows.</param>
    /// <param name="variant">The task.</param>
    /// <param name="seed">Of the shuffle.</param>
    /// <exception cref="InputException">A row that cannot be read, or with a label that is not the task's.</exception>
    public static TaskTable Read(string path, IEnumerable<Row> table, TaskVariant variant, long seed)
    {
        var golds = variant.Choices.Index().SelectMany(choice => choice.Item.Labels.Select(label => (label, choice.Index))).ToDictionary(pair => pair.label, pair => pair.Index);
        var classOf = variant.Split.Classes.Index().SelectMany(group => group.Item.Select(label => (label, group.Index))).ToDictionary(pair => pair.label, pair => pair.Index);
        ImmutableArray<Row> rows = [.. table];
        var labels = rows.Select(row => row.Label(variant.Label)).ToArray();
        foreach (var (row, label) in rows.Zip(labels).Where(pair => !golds.ContainsKey(pair.Second)))
            throw new InputException(row.Where, $"expected field '{variant.Label}' to be {string.Join(" or ", golds.Keys)}, found {Excerpt.Of(label)}", "correct the row, or add the label to the task's choices");

        var shuffled = NumpyPermutation.Of(seed, rows.Length);
        var classes = shuffled.ToLookup(row => classOf[labels[row]]);
        return new TaskTable(path, rows, [.. labels.Select(label => golds[label])], shuffled, [.. variant.Split.Classes.Index().Select(group => classes[group.Index].ToArray())]);
    }

    /// <summary>Rows of each class, passing over the first ones.</summary>
    /// <exception cref="InputException">A class has too few.</exception>
    public int[][] OfEachClass(int count, int skip)
    {
        foreach (var rows in classes.Where(rows => rows.Length < skip + count))
            throw new InputException(Path, $"expected {skip + count} rows of each class, found a class of {rows.Length}", "add rows, or lower per_class or skip in the task's file");
        return [.. classes.Select(rows => rows[skip..(skip + count)])];
    }

    /// <summary>Rows of a split in its order.</summary>
    /// <exception cref="InputException">Fewer rows than the rule asks for.</exception>
    public int[] Select(SplitRule rule)
    {
        if (rule.PerClass is { } perClass) return Ordered(OfEachClass(perClass, rule.Skip).SelectMany(rows => rows), rule.Order);

        var rows = Ordered(shuffled.Where(row => rule.All || !taken.Contains(row)), rule.Order);
        if (rows.Length < Math.Max(1, rule.Count ?? 1)) throw new InputException(Path, $"expected {rule.Count ?? 1} rows that no other part took, found {rows.Length}", rule.Count is null ? "add rows" : "add rows, or lower count in the task's file");
        return rule.Count is { } count ? rows[..count] : rows;
    }

    /// <summary>Marks rows as taken and hands them on.</summary>
    /// <exception cref="InputException">One of them is taken already.</exception>
    public int[] Take(int[] rows)
    {
        foreach (var row in rows.Where(row => !taken.Add(row)))
            throw new InputException(Rows[row].Where, "expected each row in one of demonstrations, validation and test, found it in two", "use skip, or rest: true, in the task's file");
        return rows;
    }

    private int[] Ordered(IEnumerable<int> rows, RowOrder order)
    {
        if (order == RowOrder.File) return [.. rows.Order()];
        var wanted = rows.ToHashSet();
        return [.. (order == RowOrder.Class ? classes.SelectMany(group => group) : shuffled).Where(wanted.Contains)];
    }
}
