using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Formats.HuggingFace.Hub;
using Eckart.Models;

namespace Eckart.Cli;

/// <summary><c>models</c>: the families; <c>models show M</c>: what a checkpoint holds, without loading its weights.</summary>
internal static class ModelsCommand
{
    private static readonly Argument<string> Path = new("model") { Description = "A Hugging Face folder, a .gguf file, an embedded model, or org/name[@revision] of the Hugging Face hub, downloaded first." };

    public static Command Create()
    {
        var show = new Command("show", "Describe a checkpoint without loading its weights.") { Path, CommonOptions.Json };
        show.SetAction((args, cancellation) => Task.Run(() => Show(args, args.InvocationConfiguration.Output, cancellation), cancellation));
        var command = new Command("models", "List the model families; describe a checkpoint.") { show, CommonOptions.Json };
        command.SetAction(args => List(args, args.InvocationConfiguration.Output));
        return command;
    }

    private static void List(ParseResult args, TextWriter output)
    {
        if (args.GetValue(CommonOptions.Json))
        {
            output.WriteJson(new JsonObject { ["families"] = new JsonArray([.. FamilyTable.All.Select(family => new JsonObject { ["model_type"] = family.ModelType, ["title"] = family.Title, ["gguf"] = family.Gguf?.Architecture })]), ["embedded"] = JsonOutput.Array(EmbeddedModels.Names) });
            return;
        }

        foreach (var family in FamilyTable.All)
            output.WriteLine($"{family.ModelType,-9}{family.Title}{(family.Gguf is null ? "" : "; also as GGUF")}");
        output.WriteLine($"embedded models: {(EmbeddedModels.Names.IsEmpty ? "none in this build" : string.Join(", ", EmbeddedModels.Names))}");
    }

    private static void Show(ParseResult args, TextWriter output, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(ModelPath.Of(args.GetValue(Path)!, args, HubContent.Checkpoint, cancellation));
        var facts = Facts(checkpoint);
        if (args.GetValue(CommonOptions.Json))
        {
            output.WriteJson(facts);
            return;
        }

        foreach (var (name, value) in facts)
            output.WriteLine($"{name,-18} {(value is JsonArray list ? list.Count == 0 ? "none" : string.Join(", ", list.Select(one => one!.ToString())) : value?.ToString() ?? "none")}");
    }

    private static string Rotary(RotarySpec rotary) => rotary.Size == 0 ? "none: positions are learned" : string.Create(
        CultureInfo.InvariantCulture,
        $"{rotary.Layout} of {rotary.Size}, base {rotary.Theta}{(rotary.Scaling is { } scaling ? $", {scaling.Kind} by {scaling.Factor}" : "")}").ToLowerInvariant();

    private static JsonObject Facts(Checkpoint checkpoint)
    {
        var spec = checkpoint.Spec;
        return new JsonObject
        {
            ["model"] = checkpoint.Path,
            ["family"] = spec.Family.ModelType,
            ["layers"] = spec.Layers,
            ["hidden"] = spec.Hidden,
            ["heads"] = spec.Heads,
            ["key_value_heads"] = spec.KeyValueHeads,
            ["head_size"] = spec.HeadSize,
            ["mlp_size"] = spec.MlpSize,
            ["vocabulary"] = spec.Vocabulary,
            ["positions"] = spec.MaxPositions,
            ["rotary"] = Rotary(spec.Rotary),
            ["window"] = spec.Window?.ToString(),
            ["residual"] = spec.Residual.ToString().ToLowerInvariant(),
            ["tied_head"] = spec.TiedHead,
            ["projections"] = new JsonArray([.. spec.Projections.Select(projection => JsonValue.Create($"{projection} ({string.Join(", ", spec.ShapeOf((Part)projection))})"))]),
            ["types"] = new JsonArray([.. checkpoint.Types.Select(type => JsonValue.Create(type))]),
            ["parameters"] = checkpoint.Parameters,
            ["unknown_keys"] = new JsonArray([.. checkpoint.UnreadKeys.Select(key => JsonValue.Create(key))]),
            ["unused_tensors"] = new JsonArray([.. checkpoint.UnusedTensors.Select(name => JsonValue.Create(name))]),
        };
    }
}
