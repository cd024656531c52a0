using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Pruning;

namespace Eckart.Export;

/// <summary>A finished search, from which its task can be asked again just as it was asked there.</summary>
public sealed class SearchedRun
{
    private const string Remedy = "give the same eckart search again, which goes on to its end";

    private readonly string folder;
    private readonly SearchEvidence evidence;

    private SearchedRun(string folder, SearchEvidence evidence, Plan plan) => (this.folder, this.evidence, Plan) = (folder, evidence, plan);

    /// <summary>What it found.</summary>
    public SearchEvidence Evidence => evidence;

    /// <summary>Of its only episode.</summary>
    public Plan Plan { get; }

    /// <summary>Reads a search's folder.</summary>
    /// <param name="folder">Holds <c>search.json</c>, <c>plan.yaml</c> and the journal.</param>
    /// <returns>The search that has come to its end last.</returns>
    /// <exception cref="InputException">No finished search, or files that do not go together.</exception>
    public static SearchedRun Load(string folder)
    {
        var evidence = SearchEvidence.Load(folder);
        var path = Path.Combine(folder, PlanText.FileName);
        if (!File.Exists(path)) throw new InputException(path, "expected the plan of the search, found none", Remedy);
        var plan = PlanFile.Load(path);
        return plan.Searches && PlanGrid.Episodes(plan).ToArray() is [_] ? new SearchedRun(folder, evidence, plan) : throw new InputException(path, "expected the plan of one search, found another", Remedy);
    }

    /// <summary>The task, with the protocol, the seed, the demonstrations and the decomposition of the search.</summary>
    /// <param name="data">Folder with one folder a task; null where none is named.</param>
    /// <returns>Of one task; nothing is drawn yet.</returns>
    /// <exception cref="InputException">No such task, a file of one that is malformed, or a plan that is not that of the search that was finished.</exception>
    public TaskSettings Settings(string? data)
    {
        var settings = (PlanGrid.Episodes(Plan).Single() with { Seed = evidence.Key.Seed, Shots = evidence.Key.Shots }).Settings(Plan, data);
        var (asked, tested) = (Text(settings.Variant.Name, settings.Variant.Version, settings.Variant.Protocol.ToString(), KebabCase.Of(settings.Svd)), Text(evidence.Key.Task, evidence.Key.TaskVersion, evidence.Key.Protocol, evidence.Key.Svd));
        return asked == tested ? settings : throw new InputException(Path.Combine(folder, PlanText.FileName), $"expected the plan of the search that was finished ({tested}), found another ({asked})", Remedy);
    }

    /// <summary>What it chose, for the model that it was chosen for.</summary>
    /// <param name="digest">Of the model at hand.</param>
    /// <returns>To be resolved.</returns>
    /// <exception cref="InputException">Another model.</exception>
    public Intervention ChosenFor(string digest) => digest == evidence.Key.Model ? Intervention.Parse(evidence.Intervention) : throw new InputException(
        folder, "expected a search of this model, found one of another", "name the model that was searched, or say what is to be done: --intervention none where it is what export wrote");

    private static string Text(string task, int version, string protocol, string svd) => FormattableString.Invariant($"{task}, version {version}, protocol {protocol.ToLowerInvariant()}, svd {svd}");
}
