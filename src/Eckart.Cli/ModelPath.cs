using System.CommandLine;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Formats.HuggingFace.Hub;
using Eckart.Models;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary>The model that the options name.</summary>
internal static class ModelPath
{
    /// <summary>Opens it; weights are read once they are needed.</summary>
    public static ModelSession Open(ParseResult args, CancellationToken cancellation)
    {
        var compute = Compute.From(args);       // options are refused before a file is opened
        var (options, kind) = args.CommandResult.Command.Options.Contains(CommonOptions.Engine) ? (Compute.EngineFrom(args), Compute.KindOf(args)) : (new EngineOptions(), EngineKind.Walk);
        return new ModelSession(Opened(args, Of(args, HubContent.Checkpoint, cancellation)), compute, options, kind);
    }

    /// <summary>Opens one of a plan's models.</summary>
    public static ModelSession Open(ParseResult args, Plan plan, string named, CancellationToken cancellation) =>
        new(Opened(args, Of(named, args, HubContent.Checkpoint, cancellation)), Compute.From(args, plan), Compute.EngineFrom(args, plan), Compute.KindOf(args, plan));

    // What transformers warns about too: the numbers are then those of a model without them.
    private static Checkpoint Opened(ParseResult args, string path)
    {
        var checkpoint = Checkpoint.Open(path);
        if (checkpoint.UnusedTensors.Count > 0 && !args.GetValue(CommonOptions.Quiet))
            args.InvocationConfiguration.Error.WriteLine(FormattableString.Invariant($"{path}: {checkpoint.UnusedTensors.Count} tensors, such as '{checkpoint.UnusedTensors[0]}', are no parts of {checkpoint.Spec.Family.Title} and are not used; eckart models show lists them"));
        return checkpoint;
    }

    /// <summary>The path that <c>--model</c> names; that of the embedded default where nothing is named, which is said.</summary>
    public static string Of(ParseResult args, HubContent content, CancellationToken cancellation)
    {
        if (args.PathOf(CommonOptions.Model) is { } named) return Of(named, args, content, cancellation);
        var path = EmbeddedModels.Find(EmbeddedModels.Default) ?? throw new InputException("--model", "expected a model folder or a .gguf file, found none, and this build has no embedded model", "give one with --model PATH");
        var options = args.CommandResult.Command.Options;
        var task = options.Contains(CommonOptions.Task);
        if (options.Contains(CommonOptions.Quiet) && !args.GetValue(CommonOptions.Quiet))
            args.InvocationConfiguration.Error.WriteLine($"no --model: the embedded {EmbeddedModels.Default}{(task && TaskItems.IsDefault(args) ? $" and its task {TaskLibrary.Default}" : "")}; --model PATH{(task ? " --task FILE.yaml" : "")} for your own");
        return path;
    }

    /// <summary>A file or folder as it is, or else the folder of the embedded model of that name, or else that of a model of the hub.</summary>
    public static string Of(string named, ParseResult args, HubContent content, CancellationToken cancellation) =>
        Here(named) ?? HubModel.Find(named, args, content, cancellation) ?? named;

    /// <summary>A file or folder as it is, or else the folder of the embedded model of that name; null where there is neither.</summary>
    public static string? Here(string named) => Path.Exists(named) ? named : EmbeddedModels.Find(named);
}
