using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Experiments.Plans;
using Spectre.Console;

namespace Eckart.Cli;

/// <summary><c>status DIR</c>: how far a run is, from its folder alone.</summary>
internal static class StatusCommand
{
    private static readonly Argument<string> Folder = new("folder") { Description = "A folder of eckart run, on this machine or shared with those that run it." };

    public static Command Create()
    {
        var command = new Command("status", "Show what of a run is done, running or failed, and the time left; no model is needed.") { Folder, CommonOptions.Json };
        command.SetAction(args => Run(args));
        return command;
    }

    private static void Run(ParseResult args)
    {
        var folder = args.GetValue(Folder)!;
        var status = RunStatus.Of(folder);
        var output = args.InvocationConfiguration.Output;
        if (args.GetValue(CommonOptions.Json)) output.WriteJson(Document(status));
        else Show(output, folder, status);
    }

    private static void Show(TextWriter output, string folder, RunStatus status)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("share", "state", "done", "planned");
        foreach (var share in status.Shares) table.AddRow(share.Shard.ToString(), Word(share.State), share.Done.ToString(CultureInfo.InvariantCulture), share.Planned?.ToString() ?? "unknown");
        Terminal.Write(output, table);
        var states = string.Join(", ", Enum.GetValues<ShareState>().Reverse().Select(state => string.Create(CultureInfo.InvariantCulture, $"{status.Shares.Count(share => share.State == state)} {Word(state)}")));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{status.Plan}: {status.Done} of {status.Planned?.ToString() ?? "an unknown number of"} trials; shares: {states}; {Left(status)}"));
        if (status.Searches && status.Planned is { } planned && planned.Least != planned.Most) output.WriteLine("a search tests what it chooses: the number of its trials is known once it ends");
        if (status.Searches && status.Done > status.Planned?.Most) output.WriteLine("the folder holds trials of searches with other settings too: they are counted as done");
        if (status.Shares.Where(share => share.State == ShareState.Failed).ToArray() is { Length: > 0 } failed)
            output.WriteLine($"failed: {string.Join(", ", failed.Select(share => share.Shard))}; started again, by hand or by the cluster, each goes on from where it is in {folder}");
    }

    private static string Left(RunStatus status) => status.Left switch
    {
        null => "time left unknown",
        { Ticks: 0 } => "nothing left",
        { } left => $"{(status.Searches ? "at most " : "")}{Time(left)} left",
    };

    private static string Time(TimeSpan time)
    {
        var seconds = TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds));
        return string.Create(CultureInfo.InvariantCulture, $"{(int)seconds.TotalHours}:{seconds:mm\\:ss}");
    }

    private static JsonObject Document(RunStatus status) => new()
    {
        ["plan"] = status.Plan,
        ["search"] = status.Searches,
        ["done"] = status.Done,
        ["planned"] = Range(status.Planned),
        ["seconds_left"] = JsonOutput.Number(status.Left?.TotalSeconds),
        ["shares"] = new JsonArray([.. status.Shares.Select(share => (JsonNode)new JsonObject
        {
            ["share"] = share.Shard.ToString(),
            ["state"] = Word(share.State),
            ["done"] = share.Done,
            ["planned"] = Range(share.Planned),
        })]),
    };

    private static JsonArray? Range(TrialRange? range) => range is { } known ? JsonOutput.Array([known.Least, known.Most]) : null;

    private static string Word(ShareState state) => state.ToString().ToLowerInvariant();
}
