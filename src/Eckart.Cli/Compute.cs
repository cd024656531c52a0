using System.CommandLine;
using System.Globalization;
using Eckart.Engine;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using TorchSharp;

namespace Eckart.Cli;

/// <summary>Reads the engine, the device, the dtype and the threads that the options ask for.</summary>
internal static class Compute
{
    /// <summary>Options for the model.</summary>
    public static ComputeOptions From(ParseResult args) => From(args, TypeOf(args.GetValue(CommonOptions.DType)!));

    /// <summary>Options for the model; what they do not say is as the plan has it.</summary>
    public static ComputeOptions From(ParseResult args, Plan plan)
    {
        var said = plan.Dtype?.Split('/') ?? [];
        return Of(args, TypeOf(said is [var type, ..] && !args.IsGiven(CommonOptions.DType) ? type : args.GetValue(CommonOptions.DType)!), said is [_, var device] && !args.IsGiven(CommonOptions.Device) ? device : args.GetValue(CommonOptions.Device)!);
    }

    /// <summary>Options for the model with weights and products of a type.</summary>
    public static ComputeOptions From(ParseResult args, torch.ScalarType type) => Of(args, type, args.GetValue(CommonOptions.Device)!);

    /// <summary>The type of a name.</summary>
    public static torch.ScalarType TypeOf(string name) => name switch
    {
        "f32" => torch.float32,
        "bf16" => torch.bfloat16,
        var other => throw OptionValues.Refuse("--dtype", "f32 or bf16", other),
    };

    /// <summary>The engine that was asked for.</summary>
    public static EngineKind KindOf(ParseResult args) => args.OneOf<EngineKind>(CommonOptions.Engine);

    /// <summary>The engine that was asked for, or else the plan's.</summary>
    public static EngineKind KindOf(ParseResult args, Plan plan) => args.IsGiven(CommonOptions.Engine) ? KindOf(args) : plan.Engine;

    /// <summary>Options for the walk; which decomposition truncates is the task's affair.</summary>
    public static EngineOptions EngineFrom(ParseResult args) => new()
    {
        Cache = args.GetValue(CommonOptions.NoCache) ? null : FactorCache.Default(),
        ChunkTokens = args.GetValue(CommonOptions.ChunkTokens) ?? EngineOptions.UsualChunkTokens,
        Memory = args.GetValue(CommonOptions.Memory),
    };

    /// <summary>Options for the walk; what they do not say is as the plan has it.</summary>
    public static EngineOptions EngineFrom(ParseResult args, Plan plan) =>
        EngineFrom(args) with { ChunkTokens = args.GetValue(CommonOptions.ChunkTokens) ?? plan.ChunkTokens ?? EngineOptions.UsualChunkTokens };

    /// <summary>Threads to use: those asked for, or all cores.</summary>
    public static int Threads(ParseResult args) => args.GetValue(CommonOptions.Threads) switch
    {
        null => Environment.ProcessorCount,
        { } threads when threads > 0 => threads,
        { } other => throw OptionValues.Refuse("--threads", "a number above 0", other.ToString(CultureInfo.InvariantCulture)),
    };

    private static ComputeOptions Of(ParseResult args, torch.ScalarType type, string named)
    {
        var device = Device(named);
        return new ComputeOptions(device, type, device.type == DeviceType.CPU ? Threads(args) : 1);
    }

    private static torch.Device Device(string text)
    {
        if (text == "cpu") return torch.CPU;
        var number = 0;
        if (text != "cuda" && !(text.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(text[5..], NumberStyles.None, CultureInfo.InvariantCulture, out number)))
            throw OptionValues.Refuse("--device", "cpu, cuda or cuda:N", text);
        return torch.cuda.is_available() && number < torch.cuda.device_count() ? new torch.Device(DeviceType.CUDA, number)
            : throw new InputException("--device", $"expected a CUDA device, found none for {text}", "build with -p:LibtorchPackage=<a libtorch-cuda package> on a machine with one, or use --device cpu");
    }
}
