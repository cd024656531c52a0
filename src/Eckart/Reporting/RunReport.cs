using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Reporting;

/// <summary>A plan's run as tables and figures, made from its folder alone: <c>results.csv</c>, <c>report.md</c>, <c>figures/</c>.</summary>
public sealed class RunReport
{
    private readonly string folder;
    private readonly Plan plan;
    private readonly Dictionary<string, string> names;
    private readonly IReadOnlyList<Trial> trials;

    private RunReport(string folder, Plan plan, Dictionary<string, string> names, IReadOnlyList<Trial> trials) => (this.folder, this.plan, this.names, this.trials) = (folder, plan, names, trials);

    /// <summary>Reads a run's folder, of a run that is going on too.</summary>
    /// <exception cref="InputException">No run of a plan, or anything in it that is malformed.</exception>
    public static RunReport Of(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var plan = PlanFile.Load(Path.Combine(folder, PlanText.FileName));
        return new RunReport(folder, plan, Names(Path.Combine(folder, "environment.json")), [.. Journal.Read(folder).Trials.Order(TrialOrder.Instance)]);
    }

    /// <summary>Trials that it is of.</summary>
    public int Trials => trials.Count;

    /// <summary>Writes everything; each file is whole or as it was.</summary>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public void Write()
    {
        AtomicFile.Write(Path.Combine(folder, "results.csv"), Encoding.UTF8.GetBytes(ResultsTable.Csv(trials, names)));
        AtomicFile.Write(Path.Combine(folder, "report.md"), Encoding.UTF8.GetBytes(Markdown()));
        var figures = Path.Combine(folder, "figures");
        Directory.CreateDirectory(figures);
        foreach (var group in Groups())
            foreach (var module in ModulesOf(group)) RateFigure(group, module).Save(figures, FileName(group, module));
    }

    /// <summary>The report as Markdown: a table an episode.</summary>
    public string Markdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {(plan.Title.Length > 0 ? plan.Title : plan.Name)}\n\n");
        if (plan.Paper.Length > 0) text.Append(CultureInfo.InvariantCulture, $"For {plan.Paper} of the paper.\n\n");
        foreach (var group in Groups())
        {
            var unedited = group.FirstOrDefault(trial => trial.Intervention == "none");
            text.Append(CultureInfo.InvariantCulture, $"## {Title(group)}\n\nAlways the most frequent answer: {MajorityRate.Of(group[0].Gold):0.0000}.\n\n| intervention | right | accuracy | 95% interval | gained, lost | exact McNemar p |\n|---|---|---|---|---|---|\n");
            foreach (var trial in group) text.Append(Line(trial, unedited));
            text.Append('\n');
            foreach (var module in ModulesOf(group)) text.Append(CultureInfo.InvariantCulture, $"![{module}](figures/{FileName(group, module)}.svg)\n\n");
        }

        return text.ToString();
    }

    private static string Line(Trial trial, Trial? unedited)
    {
        var interval = new Proportion(trial.Correct, trial.N).WilsonInterval(0.05);
        var compared = unedited is null || unedited == trial ? null : PairedComparison.Of([.. trial.Gold], unedited.Predictions(), trial.Predictions());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {(trial.Intervention == "none" ? "unedited" : $"`{trial.Intervention}`")} | {trial.Correct}/{trial.N} | {trial.Accuracy:0.0000} | {interval.Low:0.000} to {interval.High:0.000} | {(compared is null ? "" : $"{compared.Gained}, {compared.Lost}")} | {(compared is null ? "" : compared.PValue.ToString("G3", CultureInfo.InvariantCulture))} |\n");
    }

    private IEnumerable<Trial[]> Groups() => trials.GroupBy(trial => (trial.Key.Model, trial.Key.Task, trial.Key.Protocol, trial.Key.Seed, trial.Key.Shots, trial.Split), (_, all) => all.ToArray());

    private string Title(Trial[] group) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name(group[0])} on {group[0].Key.Task}, {group[0].Key.Protocol} protocol, {group[0].Split}, n = {group[0].N}, {group[0].Key.Shots} demonstrations, seed {group[0].Key.Seed}");

    private string Name(Trial trial) => names.GetValueOrDefault(trial.Key.Model, trial.Key.Model);

    private string FileName(Trial[] group, Module module) => string.Concat(
        string.Create(CultureInfo.InvariantCulture, $"{Name(group[0])}-{group[0].Key.Task}-{group[0].Key.Protocol}-{group[0].Split}-{group[0].Key.Shots}-{group[0].Key.Seed}-{module.Name}").Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));

    private static Module[] ModulesOf(Trial[] group) => [.. group.Select(Truncated).OfType<Truncation>().Select(edit => edit.Module).Distinct()];

    private static Truncation? Truncated(Trial trial) => Intervention.Parse(trial.Intervention).Edits is [Truncation only] ? only : null;

    private AccuracyFigure RateFigure(Trial[] group, Module module)
    {
        var points = group.Select(trial => (Trial: trial, Edit: Truncated(trial))).Where(one => one.Edit?.Module == module).ToArray();
        var unedited = group.FirstOrDefault(trial => trial.Intervention == "none");
        ClippingRate[] rates = [.. points.Select(one => one.Edit!.Rate).Append(default).Distinct().Order()];
        var layers = points.Select(one => one.Edit!.Layer).Distinct().Order().ToArray();
        Proportion? start = unedited is null ? null : new Proportion(unedited.Correct, unedited.N);
        return new AccuracyFigure(
            string.Create(CultureInfo.InvariantCulture, $"{Name(group[0])} on {group[0].Key.Task}, {group[0].Split}, n = {group[0].N}, {group[0].Key.Shots} demonstrations, seed {group[0].Key.Seed}"), $"clipping rate ξ of one layer's {module}", [.. rates.Select(rate => rate.ToString())],
            [new AccuracySeries("unedited", [.. rates.Select(_ => start)]), .. layers.Select(layer => Series(layer))])
        {
            Majority = MajorityRate.Of(group[0].Gold),
        };

        AccuracySeries Series(int layer) => new(
            layers.Length < AccuracyFigure.MostNamed ? string.Create(CultureInfo.InvariantCulture, $"layer {layer}") : "",
            [.. rates.Select(rate => rate.IsZero ? start : points.Where(one => one.Edit!.Layer == layer && one.Edit.Rate == rate).Select(one => (Proportion?)new Proportion(one.Trial.Correct, one.Trial.N)).FirstOrDefault())]);
    }

    private static Dictionary<string, string> Names(string path)
    {
        if (!File.Exists(path)) return [];
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(path))?["digests"]?.AsObject().Where(pair => pair.Value is not null).GroupBy(pair => pair.Value!.GetValue<string>()).ToDictionary(same => same.Key, same => same.First().Key) ?? [];
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException)
        {
            throw new InputException(path, "expected the environment of a run, found something else", "remove it: models are then named by their digests", exception);
        }
    }
}
