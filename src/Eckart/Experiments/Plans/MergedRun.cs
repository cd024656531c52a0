using System.Collections.Immutable;
using Eckart.Formats;

namespace Eckart.Experiments.Plans;

/// <summary>Joins the shares of a plan that were run apart.</summary>
public static class MergedRun
{
    /// <summary>Writes one run's folder from several: the same bytes as if one process had run it all.</summary>
    /// <param name="folders">At least one, each with journals of the same plan; the result's own may be among them.</param>
    /// <param name="into">The result's folder; made if need be.</param>
    /// <returns>How many trials it holds.</returns>
    /// <exception cref="InputException">A folder without a journal or of another plan, a damaged line, a trial that stands twice with other numbers, or a share that is missing.</exception>
    public static int Write(IReadOnlyList<string> folders, string into)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var plans = folders.Select(folder => File.Exists(PlanOf(folder)) ? File.ReadAllText(PlanOf(folder))
            : throw new InputException(folder, $"expected a run's folder with {PlanText.FileName}, found none", "name the --out of eckart run")).ToArray();
        for (var i = 1; i < plans.Length; i++)
            if (plans[i] != plans[0]) throw new InputException(PlanOf(folders[i]), $"expected the plan of {folders[0]}, found another", "merge shares of one plan");
        RefuseMissingShares(folders);

        var all = new TrialSet();
        foreach (var folder in folders)
            foreach (var trial in Journal.Read(folder).Trials) all.Add(folder, trial);
        var folderOfResult = RunFolder.Open(into);
        folderOfResult.Write(PlanText.FileName, System.Text.Encoding.UTF8.GetBytes(plans[0]));
        if (!File.Exists(Path.Combine(into, "environment.json")) && File.Exists(Path.Combine(folders[0], "environment.json")))
            folderOfResult.Write("environment.json", File.ReadAllBytes(Path.Combine(folders[0], "environment.json")));
        using var journal = folderOfResult.OpenJournal();
        journal.Replace([.. all.Trials.Order(TrialOrder.Instance)]);
        return all.Trials.Count;
    }

    // Shares name how many there are; one that never wrote a line has no file.
    private static void RefuseMissingShares(IReadOnlyList<string> folders)
    {
        var shares = folders.SelectMany(folder => Directory.GetFiles(folder, "trials-*.jsonl")).Select(path => Parsed(Path.GetFileNameWithoutExtension(path))).OfType<Shard>().ToImmutableHashSet();
        foreach (var of in shares.Select(share => share.Of).Distinct().Where(of => !shares.Contains(new Shard(1, of)) || shares.Count(share => share.Of == of) < of))
        {
            var missing = Enumerable.Range(1, of).Where(number => !shares.Contains(new Shard(number, of)));
            throw new InputException(folders[0], $"expected all {of} shares, found none of {string.Join(", ", missing.Select(number => new Shard(number, of)))}", "run those with --shard, then merge again");
        }
    }

    private static Shard? Parsed(string name) => name.Split('-') is ["trials", var number, "of", var of] ? Shard.Parse($"{number}/{of}") : null;

    private static string PlanOf(string folder) => Path.Combine(folder, PlanText.FileName);
}
