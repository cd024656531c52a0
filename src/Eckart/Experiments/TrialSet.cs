using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>Trials by id, each once, in the order in which they came.</summary>
internal sealed class TrialSet
{
    private readonly OrderedDictionary<string, (string Where, Trial Trial)> known = [];

    public IReadOnlyList<Trial> Trials => [.. known.Values.Select(entry => entry.Trial)];

    public Trial? Find(string id) => known.TryGetValue(id, out var entry) ? entry.Trial : null;

    /// <summary>Adds a trial that is not there yet.</summary>
    /// <returns>False where the same trial is there already, with the same numbers.</returns>
    /// <exception cref="InputException">The trial is there with other numbers.</exception>
    public bool Add(string where, Trial trial)
    {
        if (known.TryAdd(trial.Id, (where, trial))) return true;

        var first = known[trial.Id];
        if (first.Trial.ToJson().AsSpan().SequenceEqual(trial.ToJson())) return false;
        throw new InputException(
            where,
            $"expected trial {trial.Id} ({trial.Intervention}, {trial.Split}) as at {first.Where}, found other numbers",
            "keep runs of different machines or settings in folders of their own");
    }
}
