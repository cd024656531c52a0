using System.Globalization;
using System.Text;
using System.Text.Json;
using Eckart.Engine;
using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Experiments.Plans;

/// <summary>A plan as it was run, with what the options made of it: the <c>plan.yaml</c> of a run's folder.</summary>
public static class PlanText
{
    /// <summary>The file's name.</summary>
    public const string FileName = "plan.yaml";

    /// <summary>YAML that <see cref="PlanFile"/> reads back to the same plan.</summary>
    public static string Of(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var text = new StringBuilder();
        void Add(string key, string value) => text.Append(CultureInfo.InvariantCulture, $"{key}: {value}\n");
        void AddAll<T>(string key, IReadOnlyCollection<T> values, Func<T, string> write)
        {
            if (values.Count > 0) Add(key, $"[{string.Join(", ", values.Select(write))}]");
        }

        Add("name", Quoted(plan.Name));
        Add("title", Quoted(plan.Title));
        Add("paper", Quoted(plan.Paper));
        if (plan.Measure != PlanMeasure.Accuracy) Add("measure", KebabCase.Of(plan.Measure));
        AddAll("models", plan.Models, Quoted);
        AddAll("tasks", plan.Tasks, Quoted);
        if (plan.Measure == PlanMeasure.Accuracy) AddAll("protocols", plan.Protocols, protocol => protocol.ToString().ToLowerInvariant());
        AddAll("seeds", plan.Seeds, seed => seed.ToString(CultureInfo.InvariantCulture));
        AddAll("shots", plan.Shots, shots => shots.ToString(CultureInfo.InvariantCulture));
        AddAll("orders", plan.Orders, order => order.ToString(CultureInfo.InvariantCulture));
        if (plan.Searches) Add("search", "true");
        else if (plan.Measure == PlanMeasure.Accuracy) Add("split", plan.Split);
        if (plan.Validation is { } validation) Add("validation", Count(validation));
        if (plan.Test is { } test) Add("test", Count(test));
        AddAll("modules", plan.Modules, module => module.Name);
        AddAll("layers", plan.Layers, layers => Quoted(layers.ToString()));
        AddAll("rates", plan.Modules.IsEmpty || plan.Measure == PlanMeasure.Spectra ? [] : plan.Rates, rate => rate.ToString());
        AddAll("drop", plan.Drops, layers => Quoted(layers.ToString()));
        AddAll("interventions", plan.Interventions, one => Quoted(one.ToString()));
        if (plan.Alone) Add("alone", "true");
        if (plan.Ranking.Top != LayerChoice.DefaultTop) Add("top-k", plan.Ranking.Top.ToString(CultureInfo.InvariantCulture));
        if (plan.Ranking.Aggregate != Aggregate.Max) Add("aggregate", KebabCase.Of(plan.Ranking.Aggregate));
        if (plan.Ranking.Indicator != Indicator.Condition) Add("indicator", KebabCase.Of(plan.Ranking.Indicator));
        AddAll("by-shots", plan.ByShots, shots => shots.ToString(CultureInfo.InvariantCulture));
        if (plan.Svd is { } svd) Add("svd", KebabCase.Of(svd));
        if (plan.Engine != EngineKind.Walk) Add("engine", KebabCase.Of(plan.Engine));
        if (plan.Dtype is { } dtype) Add("dtype", dtype);
        if (plan.ChunkTokens is { } tokens) Add("chunk-tokens", tokens.ToString(CultureInfo.InvariantCulture));
        if (plan.Alpha != 0.05) Add("alpha", plan.Alpha.ToString(CultureInfo.InvariantCulture));
        if (plan.Measure == PlanMeasure.Functions) Add("functions", plan.Functions.ToString(CultureInfo.InvariantCulture));
        return text.ToString();
    }

    /// <summary>Puts the plan into a run's folder, or refuses a folder of another one.</summary>
    /// <param name="plan">What is run.</param>
    /// <param name="folder">The run's.</param>
    /// <exception cref="InputException">The folder holds another plan; the message shows the differences.</exception>
    public static void Keep(Plan plan, RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var (text, path) = (Of(plan), Path.Combine(folder.Path, FileName));
        if (!File.Exists(path))
        {
            RefuseOtherRun(folder.Path);
            folder.Write(FileName, Encoding.UTF8.GetBytes(text));
            return;
        }

        var (ours, theirs) = (text.Split('\n', StringSplitOptions.RemoveEmptyEntries), File.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var differences = ours.Except(theirs).Select(line => $"now '{line}'").Concat(theirs.Except(ours).Select(line => $"there '{line}'")).ToArray();
        if (differences.Length > 0)
            throw new InputException(path, $"expected the plan that is run, found another: {string.Join("; ", differences)}", "use another --out");
    }

    /// <summary>Whether a folder is that of another plan.</summary>
    /// <param name="plan">What is to be run.</param>
    /// <param name="folder">The run's.</param>
    public static bool IsOther(Plan plan, RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = Path.Combine(folder.Path, FileName);
        return File.Exists(path) && File.ReadAllText(path) != Of(plan);
    }

    /// <summary>Refuses a folder that is neither new nor that of a search.</summary>
    /// <param name="plan">Of the search that is run.</param>
    /// <param name="folder">The run's.</param>
    /// <exception cref="InputException">The folder is that of another kind of run.</exception>
    public static void RefuseOtherThanSearch(Plan plan, RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(folder);
        var path = Path.Combine(folder.Path, FileName);
        if (File.Exists(path) && PlanFile.Load(path) is var there && !(there.Searches && there.Name == plan.Name))
            throw new InputException(folder.Path, $"expected a new folder or a search's, found a plan's run ({FileName})", "use another --out");
    }

    /// <summary>Puts a search into its folder, where another search may have been before: its trials are kept apart by their ids, and that it was finished says nothing of this one.</summary>
    /// <param name="plan">What is run.</param>
    /// <param name="folder">The run's, of which nobody else writes the journal.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void KeepSearch(Plan plan, RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var (text, path) = (Of(plan), Path.Combine(folder.Path, FileName));
        if (File.Exists(path) && File.ReadAllText(path) == text) return;
        folder.Delete(FinishedShare.NameOf(Shard.Whole));
        folder.Write(FileName, Encoding.UTF8.GetBytes(text));
    }

    // Its trials would stand among the plan's, and its report be lost.
    private static void RefuseOtherRun(string folder)
    {
        if (new FileInfo(Path.Combine(folder, Journal.DefaultName)) is { Exists: true, Length: > 0 } trials)
            throw new InputException(trials.FullName, $"expected a new folder or one with this plan's {FileName}, found the trials of another run", "use another --out");
    }

    private static string Count(int count) => count == SampleSize.All ? "all" : count.ToString(CultureInfo.InvariantCulture);

    // What breaks lines is escaped, as JSON does it: YAML reads that too.
    private static string Quoted(string text) => text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029') ? JsonSerializer.Serialize(text, TrialJson.Options) : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
