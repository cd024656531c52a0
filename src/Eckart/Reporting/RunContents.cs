using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Tasks;

namespace Eckart.Reporting;

/// <summary>All of a run's folder that a report is made of.</summary>
/// <param name="Folder">The run's.</param>
/// <param name="Plan">What was to be run; null for the folder of a single search or evaluation.</param>
/// <param name="Names">Name of each model by its digest; a digest without a name stands for itself.</param>
/// <param name="Trials">In <see cref="TrialOrder"/>.</param>
/// <param name="Environment">What it ran on; null where that cannot be read.</param>
/// <param name="Status">How far it is; null where its folder does not tell.</param>
/// <param name="Dropped">Bytes of last lines that were cut short.</param>
public sealed record RunContents(
    string Folder, Plan? Plan, IReadOnlyDictionary<string, string> Names, IReadOnlyList<Trial> Trials, RunEnvironment? Environment, RunStatus? Status, long Dropped)
{
    private const string SearchFile = "search.json";
    private const double UsualAlpha = 0.05;     // of a folder without a plan

    /// <summary>Spectra that it measured; none where it measured something else.</summary>
    public IReadOnlyList<SpectrumLine> Spectra { get; init; } = [];

    /// <summary>Learners that it measured; none where it measured something else.</summary>
    public IReadOnlyList<ErrorsLine> Learners { get; init; } = [];

    /// <summary>The last search of a folder that may hold several; null where all trials are of one plan.</summary>
    public PlannedSearch? Search { get; init; }

    /// <summary>Whatever it measured; of a run that goes on, as many as were there when it was read.</summary>
    public int Lines => Trials.Count + Spectra.Count + Learners.Count;

    /// <summary>Level of its intervals and verdicts is one minus this.</summary>
    public double Alpha => Plan?.Alpha ?? UsualAlpha;

    /// <summary>What tells it from other runs of one report in names of files; empty where it is the only one.</summary>
    public string Tag { get; init; } = "";

    /// <summary>What people call it.</summary>
    public string Title => Plan switch
    {
        null => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder))),
        { Title.Length: > 0 } titled => titled.Title,
        var plan => plan.Name,
    };

    /// <summary>Whether Algorithm 1 chose among its trials.</summary>
    public bool Searches => Plan?.Searches ?? File.Exists(Path.Combine(Folder, SearchFile));

    /// <summary>Whether every trial is there, as far as the folder tells.</summary>
    public bool IsComplete => Status is null || Status.Shares.All(share => share.State == ShareState.Done);

    /// <summary>Reads a folder, of a run that is going on too.</summary>
    /// <exception cref="InputException">No journal, or anything in it that is malformed.</exception>
    public static RunContents Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = Path.Combine(folder, PlanText.FileName);
        var plan = File.Exists(path) ? PlanFile.Load(path) : null;
        var journal = Journal.Read(folder);
        var environment = RunFolder.ReadEnvironment(folder);
        var status = plan is null || FinishedShare.Is(folder, Shard.Whole, journal.Lines.Count) ? null : RunStatus.Of(folder);
        var names = environment?.Digests.GroupBy(pair => pair.Value).ToDictionary(same => same.Key, same => same.First().Key) ?? [];
        return new RunContents(folder, plan, names, [.. journal.Trials.Order(new TrialOrder())], environment, status, journal.Dropped)
        {
            Search = plan is { Searches: true } ? PlannedWork.Read(folder)?.Episodes.Select(one => one.Search).FirstOrDefault(one => one is not null) : null,
            Spectra = [.. journal.Lines.OfType<SpectrumLine>().Order(new LineOrder()).Cast<SpectrumLine>()],
            Learners = [.. journal.Lines.OfType<ErrorsLine>().Order(new LineOrder()).Cast<ErrorsLine>()],
        };
    }

    /// <summary>Name of a trial's model.</summary>
    public string ModelOf(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return Names.GetValueOrDefault(trial.Key.Model, trial.Key.Model);
    }

    /// <summary>What a search on a trial's task is judged by.</summary>
    /// <exception cref="InputException">The file of its items is something else.</exception>
    public Metric MetricOf(Trial trial) => ItemTexts.Read(Folder, trial)?.Metric ?? Metric.Accuracy;
}
