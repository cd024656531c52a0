using Eckart.Statistics;
using Eckart.Training.Regression;
using Spectre.Console;

namespace Eckart.Cli;

/// <summary>The tables of <c>regression evaluate</c>, 80 columns at most.</summary>
internal sealed class RegressionTables(RegressionReport report)
{
    private const int LongestName = 18;

    // Where a function is half known, where it is known, and at the end: few enough for a line.
    private readonly int[] examples = [.. new[] { report.Recipe.Dimensions / 2, report.Recipe.Dimensions, report.Recipe.Points - 1 }.Where(count => count < report.Recipe.Points).Distinct()];

    /// <summary>Writes them all.</summary>
    public void Write(TextWriter output)
    {
        var (recipe, settings) = (report.Recipe, report.Settings);
        output.WriteLine(Invariant($"{Name(report.Models[^1].Name)}: squared error / d, d = {recipe.Dimensions}, {settings.Functions} functions, seed {settings.Seed}; {100 * (1 - settings.Alpha):0.##}% intervals"));
        Terminal.Write(output, Learners());
        if (report.Models.Length > 1) WriteSteps(output);
        if (!report.Truncations.IsEmpty) WriteTruncations(output);
    }

    private Table Learners()
    {
        var table = Plain("examples", "model", "interval");
        foreach (var baseline in report.Baselines) table.AddColumn(Right(baseline.Name.Replace("-nearest neighbours", " nearest", StringComparison.Ordinal)));
        for (var i = 0; i < report.Recipe.Points; i++)
            table.AddRow([Invariant($"{i}"), Error(report.Models[^1].Means[i]), Text(report.Models[^1].Intervals[i]), .. report.Baselines.Select(one => Error(one.Means[i]))]);
        return table.AddRow(["mean", Error(report.Models[^1].Mean), Text(report.Models[^1].MeanInterval), .. report.Baselines.Select(one => Error(one.Mean))]);
    }

    private void WriteSteps(TextWriter output)
    {
        output.WriteLine("by training steps, after so many examples:");
        var table = Plain(["model", .. Counts, "mean", "interval"]);
        foreach (var model in report.Models) table.AddRow([Name(model.Name), .. At(model), Error(model.Mean), Text(model.MeanInterval)]);
        Terminal.Write(output, table);
    }

    private void WriteTruncations(TextWriter output)
    {
        output.WriteLine("truncated, after so many examples, and the difference of the mean to unedited:");
        var table = Plain(["", .. Counts, "difference", "interval"]);
        table.AddRow(["unedited", .. At(report.Models[^1]), "", ""]);
        Add(table, Invariant($"unedited × {report.Truncated.Factor:0.000}"), report.Truncated.Control, report.Truncated.ControlDifferences);
        foreach (var one in report.Truncations) Add(table, one.Errors.Name, one.Errors, one.Differences);
        Terminal.Write(output, table);
        TruncationErrors[] lowered = [.. report.Truncations.Where(one => one.Differences.SimultaneousInterval is { High: < 0 })];
        var beyond = lowered.Count(one => one.BeyondControl.SimultaneousInterval is { High: < 0 });
        var raised = report.Truncations.Count(one => one.Differences.SimultaneousInterval is { Low: > 0 });
        output.WriteLine(Invariant($"of {report.Truncations.Length} interventions, {raised} raise the mean error and {lowered.Length} lower it (joint intervals);"));
        output.WriteLine(Invariant($"{beyond} lower it below that of the unedited model with rescaled predictions"));
    }

    private void Add(Table table, string name, LearnerErrors errors, LearnerErrors differences) =>
        table.AddRow([Name(name), .. At(errors), Signed(differences.Mean), Signed(differences.SimultaneousInterval!.Value)]);

    private IEnumerable<string> Counts => examples.Select(count => Invariant($"{count}"));

    private IEnumerable<string> At(LearnerErrors errors) => examples.Select(count => Error(errors.Means[count]));

    private static Table Plain(params IEnumerable<string> columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (place, column) in columns.Index()) table.AddColumn(place == 0 ? Padded(new TableColumn(column)) : Right(column));
        return table;
    }

    private static TableColumn Right(string name) => Padded(new TableColumn(Markup.Escape(name)).RightAligned());

    private static TableColumn Padded(TableColumn column) => column.NoWrap().Padding(0, 0, 2, 0);

    private static string Name(string name) => Markup.Escape(name.Length <= LongestName ? name : $"…{name[^(LongestName - 1)..]}");

    private static string Error(double error) => Invariant($"{error:0.0000}");

    private static string Signed(double error) => Invariant($"{error:+0.0000;-0.0000;0.0000}");

    private static string Text(Interval interval) => Invariant($"{interval.Low:0.0000} to {interval.High:0.0000}");

    private static string Signed(Interval interval) => Invariant($"{interval.Low:+0.000;-0.000;0.000} to {interval.High:+0.000;-0.000;0.000}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
