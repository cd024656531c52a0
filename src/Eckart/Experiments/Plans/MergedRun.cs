using System.Collections.Immutable;
using Eckart.Formats;

namespace Eckart.Experiments.Plans;

/// <summary>Joins the shares of a plan that were run apart.</summary>
public static class MergedRun
{
    private const int MostNamed = 20;

    /// <summary>Writes one run's folder from several: the same bytes as if one process had run it all.</summary>
    /// <param name="folders">At least one, each with journals of the same plan; the result's own may be among them.</param>
    /// <param name="into">The result's folder; made if need be.</param>
    /// <param name="files">The file system; <see cref="FileCalls.Disk"/> unless given.</param>
    /// <returns>How many trials it holds.</returns>
    /// <exception cref="InputException">A folder without a journal or of another plan, a damaged line, a trial that stands twice with other numbers, shares that were cut in different ways, or one that is missing. Then nothing is written.</exception>
    public static int Write(IReadOnlyList<string> folders, string into, FileCalls? files = null)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var plans = folders.Select(folder => File.Exists(PlanOf(folder)) ? File.ReadAllText(PlanOf(folder))
            : throw new InputException(folder, $"expected a run's folder with {PlanText.FileName}, found none", "name the --out of eckart run")).ToArray();
        for (var i = 1; i < plans.Length; i++)
            if (plans[i] != plans[0]) throw new InputException(PlanOf(folders[i]), $"expected the plan of {folders[0]}, found another", "merge shares of one plan");
        RefuseMissingShares(folders);
        var work = PlannedWork.OfAll(folders);

        var all = new LineSet();
        foreach (var folder in folders)
            foreach (var line in Journal.Read(folder).Lines) all.Add(folder, line);
        if (folders.Any(IsWhole) && work?.Of(Shard.Whole) is { } planned && all.Count < planned.Least)
            throw new InputException(folders[0], $"expected {planned} trials of shares that are all finished, found {all.Count}", "run all shares by one version of the program on the same data, in another --out");
        var folderOfResult = RunFolder.Open(into, files);
        PlanText.Keep(PlanFile.Load(PlanOf(folders[0])), folderOfResult);
        foreach (var environment in folders.Select(RunFolder.ReadEnvironment).OfType<RunEnvironment>()) folderOfResult.WriteEnvironment(environment);
        foreach (var folder in folders) ItemTexts.Copy(folder, into, files ?? FileCalls.Disk);
        work?.Keep(folderOfResult);
        using var journal = folderOfResult.OpenJournal();
        foreach (var line in journal.Lines) all.Add(into, line);        // of the same plan: nothing that is there is lost
        journal.Replace([.. all.Lines.Order(new LineOrder())]);
        if (folders.Any(IsWhole)) new FinishedShare(all.Count).Keep(folderOfResult, Shard.Whole);
        return all.Count;
    }

    // Shares name how many there are; one that never wrote a line has no file, and one that was stopped has not said that it is finished.
    private static void RefuseMissingShares(IReadOnlyList<string> folders)
    {
        var finished = new Dictionary<Shard, bool>();
        foreach (var folder in folders)
            foreach (var shard in Directory.GetFiles(folder, "trials-*.jsonl").Select(path => Shard.OfJournal(Path.GetFileName(path))).OfType<Shard>())
                finished[shard] = finished.GetValueOrDefault(shard) || FinishedShare.Is(folder, shard, JournalFile.Ids(Path.Combine(folder, shard.JournalName)).Count);
        int[] counts = [.. finished.Keys.Select(shard => shard.Of).Concat(folders.Select(Launchers.Launched.Read).OfType<Launchers.Launched>().Select(launched => launched.Shards)).Where(of => of > 1).Distinct().Order()];
        foreach (var of in counts)
        {
            var all = Enumerable.Range(1, of).Select(number => new Shard(number, of)).ToArray();
            var missing = Names("none of ", all.Where(shard => !finished.ContainsKey(shard)));
            var stopped = Names("no end of ", all.Where(shard => finished.TryGetValue(shard, out var ended) && !ended));
            if (missing is not null || stopped is not null)
                throw new InputException(folders[0], $"expected all {of} shares, found {string.Join(" and ", new[] { missing, stopped }.OfType<string>())}", Remedy(counts, of, finished.Keys));
        }
    }

    // Shares of another cut may have been left by mistake: then those that are whole are not what is asked for.
    private static string Remedy(int[] counts, int of, IEnumerable<Shard> found)
    {
        const string Usual = "run those with --shard, which goes on from where they are, then merge again";
        var strays = found.Where(shard => shard.Of == of).OrderBy(shard => shard.Number).Select(shard => shard.JournalName).ToArray();
        return counts.Length == 1 || strays.Length == 0 ? Usual
            : $"{Usual}; or, as there are shares of {string.Join(" and of ", counts.Where(other => other != of))} too, take {(strays.Length == 1 ? strays[0] : $"{strays[0]} and the like")} away";
    }

    private static string? Names(string what, IEnumerable<Shard> shards) => shards.ToArray() switch
    {
        [] => null,
        { Length: <= MostNamed } few => what + string.Join(", ", few),
        var many => $"{what}{string.Join(", ", many[..MostNamed])} and {many.Length - MostNamed} more",
    };

    // No share is missing by now; of runs that were not cut into shares, one at least must have come to its end.
    private static bool IsWhole(string folder) =>
        Directory.GetFiles(folder, "finished-*.json").Length > 0 || File.Exists(Path.Combine(folder, FinishedShare.NameOf(Shard.Whole)));

    private static string PlanOf(string folder) => Path.Combine(folder, PlanText.FileName);
}
