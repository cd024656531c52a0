using System.Collections.Immutable;
using System.Text.Json;
using Eckart.Formats;

namespace Eckart.Experiments.Plans;

/// <summary>All that a plan comes to, as a run writes it down once: the <c>planned.json</c> beside its <c>plan.yaml</c>. The same bytes whichever share writes it.</summary>
/// <param name="Searches">Whether Algorithm 1 chooses: the number of trials is then known as a range.</param>
/// <param name="Episodes">In the order in which they are run.</param>
public sealed record PlannedWork(bool Searches, ImmutableArray<PlannedTrials> Episodes)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "planned.json";

    /// <summary>Reads that of a folder; null where a run has none.</summary>
    /// <param name="folder">The run's.</param>
    /// <exception cref="InputException">It is something else.</exception>
    public static PlannedWork? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            if (JsonSerializer.Deserialize<PlannedWork>(File.ReadAllBytes(path), TrialJson.Options) is { Episodes.IsDefault: false } work && work.Episodes.All(IsWhole)) return work;
        }
        catch (JsonException exception)
        {
            throw Malformed(path, exception);
        }

        throw Malformed(path, null);
    }

    /// <summary>Writes it into a run's folder that has none.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Keep(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!File.Exists(Path.Combine(folder.Path, FileName))) folder.WriteJson(FileName, this);
    }

    /// <summary>Writes it into a run's folder, in place of another search's.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void KeepSearch(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder.WriteJson(FileName, this);
    }

    /// <summary>Trials of a share.</summary>
    /// <remarks>In a search, shares that cut one episode each run the unedited model: together they come to more than the whole.</remarks>
    public TrialRange Of(Shard shard)
    {
        var trials = default(TrialRange);
        foreach (var (episode, units) in shard.Among([.. Episodes.Select(one => one.Work)])) trials += Episodes[episode].Of(units.GetOffsetAndLength(Episodes[episode].Units).Length);
        return trials;
    }

    private static bool IsWhole(PlannedTrials one) => one is { Work.IsDefault: false, Search: not { Layers.IsDefault: true } } && one.Work.All(run => run is { Units: > 0, Each: > 0 });

    private static InputException Malformed(string path, Exception? inner) =>
        new(path, "expected what a run plans to do, found something else", "remove it and start the run again: it writes it anew", inner);
}
