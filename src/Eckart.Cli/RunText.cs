using System.Collections.Immutable;
using System.Globalization;
using Eckart.Reporting;
using Eckart.Statistics;
using Spectre.Console;

namespace Eckart.Cli;

/// <summary>What came of a run, on a terminal: a table and a small chart a model, 80 columns wide.</summary>
/// <param name="Data">The run, or several.</param>
internal sealed record RunText(ReportData Data)
{
    private const int Columns = 80;
    private const int MostRows = 16;        // of a model
    private const int LongestName = 30;
    private const int LongestEdit = 16;

    private bool Searches => Data.Episodes.Any(episode => episode.Searches.Length > 0);

    /// <summary>Writes it; nothing where no trial is finished.</summary>
    public void Write(TextWriter output)
    {
        foreach (var model in Data.Episodes.GroupBy(episode => episode.Model)) Write(output, model.Key, [.. model.SelectMany(Lines)]);
        if (Data.Episodes.Any(episode => Lines(episode).Any()))
            output.WriteLine(Searches ? "p: exact McNemar on test items, corrected for all choices tested on them" : "the edit that is right most often; p: exact McNemar, corrected for all on its items");
    }

    private static void Write(TextWriter output, string model, Line[] lines)
    {
        if (lines.Length == 0) return;
        output.WriteLine();
        output.WriteLine(model);
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("on").NoWrap()).AddColumn(new TableColumn("edit").NoWrap());
        foreach (var name in new[] { "before", "after", "p corrected" }) table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        foreach (var line in lines.Take(MostRows)) table.AddRow(Markup.Escape(line.Name), Markup.Escape(line.Edit), line.Before, line.After, line.Corrected);
        Terminal.Write(output, table, Columns);
        if (lines.Length > MostRows) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {lines.Length - MostRows} more in the report"));

        var dots = lines.Where(line => line.Dots.Length > 0).Take(MostRows).ToArray();
        if (dots.Length == 0) return;
        new DotPlot("accuracy: o unedited, x the edit, * both", [.. dots.Select(line => (line.Name, line.Dots))]).Write(output);
        output.WriteLine();
    }

    private IEnumerable<Line> Lines(EpisodeSummary episode) => episode.Searches.Length > 0 ? episode.Searches.Select(search => Of(episode, search)) : episode.Run.Searches ? [] : episode.Splits.Select(split => Of(episode, split));      // a search's other episodes are no sweep

    private Line Of(EpisodeSummary episode, SearchSummary search)
    {
        var (chosen, result) = (search.Choice.Chosen.Intervention, search.Result);
        return new Line(
            Name(episode, search.Module.Name), chosen.IsNone ? "none better" : Cut(chosen.ToString(), LongestEdit), Number(result?.Before.Accuracy), Number(result?.After.Accuracy),
            search.Corrected is { } corrected ? PValueText.Of(corrected) : "", result is null ? [] : [('o', result.Before.Accuracy), ('x', result.After.Accuracy)]);
    }

    private Line Of(EpisodeSummary episode, SplitSummary split)
    {
        var (best, before) = (split.Best, split.Unedited?.Trial.Accuracy);
        return new Line(
            Name(episode, split.Split), Cut(best?.Trial.Intervention ?? "", LongestEdit), Number(before), Number(best?.Trial.Accuracy), best?.Corrected is { } corrected ? PValueText.Of(corrected) : "",
            before is { } unedited && best is not null ? [('o', unedited), ('x', best.Trial.Accuracy)] : []);
    }

    // What all have in common goes without saying.
    private string Name(EpisodeSummary episode, string what)
    {
        string?[] parts =
        [
            episode.Key.Task, Varies(one => one.Key.Protocol) ? episode.Key.Protocol : null, Varies(one => one.Key.Shots) ? string.Create(CultureInfo.InvariantCulture, $"{episode.Key.Shots} shots") : null,
            Varies(one => one.Key.Order) ? string.Create(CultureInfo.InvariantCulture, $"order {episode.Key.Order ?? 0}") : null,
            Varies(one => one.Key.Seed) ? string.Create(CultureInfo.InvariantCulture, $"seed {episode.Key.Seed}") : null, what,
        ];
        return Cut(string.Join(' ', parts.OfType<string>()), LongestName);

        bool Varies<T>(Func<EpisodeSummary, T> of) => Data.Episodes.GroupBy(one => one.Key.Task).Any(task => task.Select(of).Distinct().Count() > 1);
    }

    private static string Cut(string text, int longest) => text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest - 1), "…");

    private static string Number(double? share) => share is { } value ? value.ToString("0.0000", CultureInfo.InvariantCulture) : "";

    private sealed record Line(string Name, string Edit, string Before, string After, string Corrected, ImmutableArray<(char, double)> Dots);
}
