using System.Text.Json;

namespace Eckart.Tests.Support;

/// <summary>Rows of our own making with the fields of the published data sets, enough of each label for every protocol.</summary>
internal static class MadeUpRows
{
    private static readonly Dictionary<string, Layout> Layouts = new()
    {
        ["sst2"] = new(["sentence"], [4010, 4010], ["train", "validation"]),
        ["ag_news"] = new(["text"], [2010, 2010, 2010, 2010], ["train", "test"]),
        ["emoc"] = new(["text"], [2510, 840, 840, 840], ["train", "test"]),
        ["mrpc"] = new(["sentence1", "sentence2"], [210, 210], ["train", "validation", "test"]),
        ["rte"] = new(["premise", "hypothesis"], [210, 210], ["train", "validation"]),
        ["cb"] = new(["premise", "hypothesis"], [10, 10, 10], ["train", "validation"]),
        ["copa"] = new(["premise", "choice1", "choice2"], [110, 110], ["train", "validation"]),
    };

    /// <summary>Writes a task's tables into its folder; texts have spaces at both ends, as some of the published ones do.</summary>
    public static void Write(TemporaryFolder folder, string task)
    {
        var layout = Layouts[task];
        foreach (var table in layout.Tables)
        {
            var labels = layout.Labels.SelectMany((count, label) => Enumerable.Repeat(label, table == "train" ? count : 3));
            folder.File($"{task}/{table}.jsonl", string.Join('\n', labels.Select((label, i) => JsonSerializer.Serialize(Row(layout, table, i, label)))));
        }
    }

    private static Dictionary<string, object> Row(Layout layout, string table, int i, int label)
    {
        var row = layout.Fields.ToDictionary(field => field, object (field) => $" The {field} of {table} row {i}. ");
        row["question"] = i % 3 == 0 ? "cause" : "effect";
        row["label"] = label;
        return row;
    }

    private sealed record Layout(string[] Fields, int[] Labels, string[] Tables);
}
