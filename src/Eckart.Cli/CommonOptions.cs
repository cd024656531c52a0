using System.CommandLine;

namespace Eckart.Cli;

/// <summary>Options that several verbs share: one name, one meaning, one default.</summary>
internal static class CommonOptions
{
    private const string AnyModule = "mlp, attention, all, or one of query key value output gate up down.";

    public static readonly Option<string> Model = new("--model") { Description = $"A Hugging Face folder, a .gguf file, an embedded model (eckart models lists them), or else org/name[@revision] of the Hugging Face hub, which is read from its cache or downloaded (docs/hub.md). Not given: {Models.EmbeddedModels.Default}.", HelpName = "PATH" };
    public static readonly Option<string> Task = new("--task") { Description = $"sst2 ag_news emoc mrpc rte cb copa; one that comes with its rows, such as context (eckart tasks lists them); or a task file of your own. Not given, and no model either: {Tasks.TaskLibrary.Default}.", HelpName = "NAME|FILE.yaml" };
    public static readonly Option<string> Data = new("--data") { Description = "A folder with one folder a task, which holds train, validation, test as .jsonl, .jsonl.gz, .csv, .tsv or .parquet. Not given: ECKART_DATA.", HelpName = "DIR" };
    public static readonly Option<string> Protocol = new("--protocol") { Description = "Prompts, choices and splits: default (ours), paper (its text), authors (their code).", HelpName = "NAME", DefaultValueFactory = _ => "default" };
    public static readonly Option<int?> Shots = new("--shots") { Description = "Demonstrations in all. Not given: the protocol's own.", HelpName = "K", CustomParser = OptionValues.Whole<int> };
    public static readonly Option<long?> Seed = new("--seed") { Description = "Of the splits. Not given: the protocol's own.", HelpName = "S", CustomParser = OptionValues.Whole<long> };
    public static readonly Option<string> Validation = new("--validation") { Description = $"At most N validation items, evenly over the split. Not given: {Tasks.SampleSize.UsualValidation}; all under paper and authors.", HelpName = "N|all" };
    public static readonly Option<string> Test = new("--test") { Description = $"At most N test items, evenly over the split. Not given: {Tasks.SampleSize.UsualTest}; all under paper and authors.", HelpName = "N|all" };
    public static readonly Option<string> Module = new("--module") { Description = $"Which matrices of a layer: {AnyModule}", HelpName = "NAME", DefaultValueFactory = _ => "mlp" };
    public static readonly Option<string> Rates = new("--rates") { Description = "Clipping rates to try: shares of the singular values removed, from 0 up to, not including, 1. 0 is always tried.", HelpName = "0,0.1,…", DefaultValueFactory = _ => "0,0.1,0.5,0.75,0.9,0.95,0.99,0.995" };
    public static readonly Option<string> Svd = new("--svd") { Description = "exact, or randomized: the authors' seeded approximation. Not given: exact; randomized under authors.", HelpName = "NAME" };
    public static readonly Option<double> Alpha = new("--alpha") { Description = "Level of every interval and verdict, between 0 and 1.", HelpName = "A", DefaultValueFactory = _ => 0.05, CustomParser = value => OptionValues.Fraction(value) ?? 0 };
    public static readonly Option<string> Engine = new("--engine") { Description = "walk: one pass over the layers serves all that is asked; reference: one full pass a query and intervention.", HelpName = "walk|reference", DefaultValueFactory = _ => "walk" };
    public static readonly Option<string> Device = new("--device") { Description = "Where the model runs.", HelpName = "cpu|cuda[:N]", DefaultValueFactory = _ => "cpu" };
    public static readonly Option<string> DType = new("--dtype") { Description = "Type of weights and products.", HelpName = "f32|bf16", DefaultValueFactory = _ => "f32" };
    public static readonly Option<int?> Threads = new("--threads") { Description = "Not given: all cores.", HelpName = "T", CustomParser = OptionValues.Whole<int> };
    public static readonly Option<bool> NoCache = new("--no-cache") { Description = "Compute factors anew, and keep none." };
    public static readonly Option<long?> Memory = new("--memory") { Description = "Most that weights, factors and hidden states take together, such as 512MiB or 2GiB. Not given: what the machine has room for.", HelpName = "SIZE", CustomParser = OptionValues.Size };
    public static readonly Option<int?> ChunkTokens = new("--chunk-tokens") { Description = "Tokens that are run at once, about: the shared prefix is not counted, and a longer query is run alone.", HelpName = "N", CustomParser = OptionValues.Count };
    public static readonly Option<string> Intervention = new("--intervention") { Description = "none; MODULE@LAYER:RATE such as mlp@26:0.95, attention@-1:0.5 or query@3:0.9; drop@26; several joined by +. Layers count from 0, negative ones from the end.", HelpName = "I", DefaultValueFactory = _ => "none" };
    public static readonly Option<string> Out = new("--out") { Description = "The run's folder. Trials that are finished in it are not run again. Not given: a new one under runs/.", HelpName = "DIR" };
    public static readonly Option<int> TopK = new("--top-k") { Description = "Algorithm 1 takes the deepest of the K layers that rank highest; at most a third of all layers.", HelpName = "K", DefaultValueFactory = _ => Pruning.LayerChoice.DefaultTop, CustomParser = value => OptionValues.Whole<int>(value) ?? 0 };
    public static readonly Option<string> Aggregate = new("--aggregate") { Description = "How a layer's matrices become one number: max, mean, median or geometric.", HelpName = "NAME", DefaultValueFactory = _ => "max" };
    public static readonly Option<string> Indicator = new("--indicator") { Description = "What ranks layers: condition, largest, stable-rank or effective-rank.", HelpName = "NAME", DefaultValueFactory = _ => "condition" };
    public static readonly Option<bool> Json = new("--json") { Description = "One JSON document on standard output." };
    public static readonly Option<bool> Quiet = new("--quiet") { Description = "No progress." };

    /// <summary>Options of every verb that runs a model.</summary>
    public static readonly IReadOnlyList<Option> Running = [Model, Engine, Device, DType, Threads, NoCache, Memory, ChunkTokens, Quiet];

    /// <summary>Options of every verb that samples a task's items.</summary>
    public static readonly IReadOnlyList<Option> Sampling = [Data, Protocol, Shots, Seed, Validation, Test];

    /// <summary>Adds several options to a command.</summary>
    public static Command With(this Command command, params IEnumerable<Option> options)
    {
        foreach (var option in options) command.Options.Add(option);
        return command;
    }
}
