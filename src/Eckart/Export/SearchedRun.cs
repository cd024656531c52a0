using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Pruning;

namespace Eckart.Export;

/// <summary>A finished search, from which its task can be asked again just as it was asked there.</summary>
/// <param name="folder">For messages.</param>
/// <param name="evidence">What it chose, and of which model.</param>
/// <param name="plan">Its only episode's.</param>
public sealed class SearchedRun(string folder, SearchEvidence evidence, Plan plan)
{
    /// <summary>Reads a search's folder.</summary>
    /// <param name="folder">Holds <c>search.json</c>, <c>plan.yaml</c> and the journal.</param>
    /// <exception cref="InputException">No finished search, or files that do not go together.</exception>
    public static SearchedRun Load(string folder)
    {
        var evidence = SearchEvidence.Load(folder);
        var path = Path.Combine(folder, PlanText.FileName);
        if (File.Exists(path) && PlanFile.Load(path) is { Searches: true } plan && PlanGrid.Episodes(plan).ToArray() is [_]) return new SearchedRun(folder, evidence, plan);
        throw new InputException(path, "expected the plan of one search, found none", "give the --out folder of an eckart search that has come to its end");
    }

    /// <summary>The task, with the protocol, the seed, the demonstrations and the decomposition of the search.</summary>
    /// <param name="data">Folder with one folder a task; null where none is named.</param>
    /// <exception cref="InputException">No such task, or a file of one that is malformed.</exception>
    public TaskSettings Settings(string? data) => (PlanGrid.Episodes(plan).Single() with { Seed = evidence.Key.Seed, Shots = evidence.Key.Shots }).Settings(plan, data);

    /// <summary>What it chose, for the model that it was chosen for.</summary>
    /// <param name="digest">Of the model at hand.</param>
    /// <exception cref="InputException">Another model.</exception>
    public Intervention ChosenFor(string digest) => digest == evidence.Key.Model ? Intervention.Parse(evidence.Intervention) : throw new InputException(
        folder, "expected a search of this model, found one of another", "name the model that was searched, or say what is to be done: --intervention none where it is what export wrote");
}
