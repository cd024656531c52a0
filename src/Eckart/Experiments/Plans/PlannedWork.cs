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

    private WorkCut Cut => field ??= new WorkCut([.. Episodes.Select(one => one.Work)]);

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
    /// <exception cref="InputException">It cannot be written, or the folder has another: its shares were cut elsewhere.</exception>
    public void Keep(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = Path.Combine(folder.Path, FileName);
        if (!File.Exists(path)) folder.WriteJson(FileName, this);
        else if (!Is(path)) throw CutElsewhere(path);
    }

    /// <summary>That of all of some folders.</summary>
    /// <returns>Null where none has any.</returns>
    /// <exception cref="InputException">Two differ, or one is something else.</exception>
    internal static PlannedWork? OfAll(IEnumerable<string> folders)
    {
        PlannedWork? work = null;
        byte[]? first = null;
        foreach (var path in folders.Select(folder => Path.Combine(folder, FileName)).Where(File.Exists))
        {
            work ??= Read(Path.GetDirectoryName(path)!);
            first ??= File.ReadAllBytes(path);
            if (!File.ReadAllBytes(path).AsSpan().SequenceEqual(first)) throw CutElsewhere(path);
        }

        return work;
    }

    /// <summary>Writes it into a run's folder, in place of another search's or version's.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Replace(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Is(Path.Combine(folder.Path, FileName))) folder.WriteJson(FileName, this);
    }

    /// <summary>Trials of a share.</summary>
    /// <remarks>In a search, shares that cut one episode each run the unedited model: together they come to more than the whole.</remarks>
    public TrialRange Of(Shard shard)
    {
        var trials = default(TrialRange);
        foreach (var (episode, units) in Cut.Of(shard)) trials += Episodes[episode].Of(units.GetOffsetAndLength(Episodes[episode].Units).Length);
        return trials;
    }

    private bool Is(string path) => File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(RunFolder.Json(this));

    private static bool IsWhole(PlannedTrials one) => one is { Work.IsDefault: false, Search: not { Layers.IsDefault: true } } && one.Work.All(run => run is { Units: > 0, Each: > 0 });

    // What a share has decides another: no trial may fall between them.
    private static InputException CutElsewhere(string path) =>
        new(path, "expected the same work in every share, found another", "run all shares by one version of the program on the same data, in another --out");

    private static InputException Malformed(string path, Exception? inner) =>
        new(path, "expected what a run plans to do, as this version writes it, found something else", "remove it and give the command of the run again: what is finished is not run again", inner);
}
