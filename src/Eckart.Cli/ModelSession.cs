using System.CommandLine;
using Eckart.Engine;
using Eckart.Formats;
using Eckart.Formats.HuggingFace.Hub;
using Eckart.Formats.Tokenizers;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary>A model opened for a command: checkpoint, and weights and tokenizer once they are needed.</summary>
internal sealed class ModelSession : IDisposable
{
    private readonly ComputeOptions compute;
    private readonly EngineOptions options;
    private readonly bool reference;
    private string? digest;
    private TextTokenizer? tokenizer;
    private CausalLm? model;
    private WeightEditor? editor;
    private IScoringEngine? engine;

    private ModelSession(Checkpoint checkpoint, ComputeOptions compute, EngineOptions options, bool reference) =>
        (Checkpoint, this.compute, this.options, this.reference) = (checkpoint, compute, options, reference);

    public Checkpoint Checkpoint { get; }

    public ModelSpec Spec => Checkpoint.Spec;

    public string Digest => digest ??= Checkpoint.Digest();

    public TextTokenizer Tokenizer => tokenizer ??= Checkpoint.LoadTokenizer();

    public static ModelSession Open(ParseResult args, SvdKind svd = SvdKind.Exact, long seed = 0, CancellationToken cancellation = default)
    {
        var (compute, options, reference) = (Compute.From(args), Compute.EngineFrom(args) with { Svd = svd, Seed = seed }, Compute.IsReference(args));      // options are refused before a file is opened
        return new ModelSession(Checkpoint.Open(PathOf(args, HubContent.Checkpoint, cancellation)), compute, options, reference);
    }

    /// <summary>The path that <c>--model</c> names; that of the embedded default where nothing is named, which is said.</summary>
    public static string PathOf(ParseResult args, HubContent content, CancellationToken cancellation)
    {
        if (args.PathOf(CommonOptions.Model) is { } named) return PathOf(named, args, content, cancellation);
        var path = EmbeddedModels.Find(EmbeddedModels.Default) ?? throw new InputException("--model", "expected a model folder or a .gguf file, found none, and this build has no embedded model", "give one with --model PATH");
        var options = args.CommandResult.Command.Options;
        var task = options.Contains(CommonOptions.Task);
        if (options.Contains(CommonOptions.Quiet) && !args.GetValue(CommonOptions.Quiet))
            args.InvocationConfiguration.Error.WriteLine($"no --model: the embedded {EmbeddedModels.Default}{(task && TaskSession.IsDefault(args) ? $" and its task {TaskLibrary.Default}" : "")}; --model PATH{(task ? " --task FILE.yaml" : "")} for your own");
        return path;
    }

    /// <summary>A file or folder as it is, or else the folder of the embedded model of that name, or else that of a model of the hub.</summary>
    public static string PathOf(string named, ParseResult args, HubContent content, CancellationToken cancellation) =>
        PathHere(named) ?? HubModel.Find(named, args, content, cancellation) ?? named;

    /// <summary>A file or folder as it is, or else the folder of the embedded model of that name; null where there is neither.</summary>
    public static string? PathHere(string named) => Path.Exists(named) ? named : EmbeddedModels.Find(named);

    /// <summary>Makes the engine, once: weights are loaded where they fit into the memory given, or else streamed.</summary>
    public IScoringEngine Engine() => engine ??= reference || WalkEngine.Fits(Checkpoint.Spec, compute, options) ? OverModel() : WalkEngine.Streaming(Checkpoint, compute, options);

    private IScoringEngine OverModel()
    {
        model ??= CausalLm.Load(Checkpoint, compute);
        if (!reference) return WalkEngine.Over(model, options);
        editor ??= new WeightEditor(model, options.Svd, options.Seed);
        return new ReferenceEngine(model, editor);
    }

    public void Dispose()
    {
        engine?.Dispose();
        editor?.Dispose();
        model?.Dispose();
        tokenizer?.Dispose();
        Checkpoint.Dispose();
    }
}
