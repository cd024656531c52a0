using System.CommandLine;
using System.Globalization;
using Eckart.Formats;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary>A task's variant and its items, as the options ask for them.</summary>
internal static class TaskItems
{
    /// <summary>The task under the protocol.</summary>
    public static TaskVariant Variant(ParseResult args, string? name) => Variant(name, args.OneOf<Protocol>(CommonOptions.Protocol));

    /// <summary>The task that <c>--task</c> names; the embedded default where no model is named either.</summary>
    public static string? NameOf(ParseResult args) => args.GetValue(CommonOptions.Task) ?? (args.GetValue(CommonOptions.Model) is null ? TaskLibrary.Default : null);

    /// <summary>A task under a protocol.</summary>
    public static TaskVariant Variant(string? name, Protocol protocol) => TaskLibrary.Load(name ?? throw new InputException(
        CommonOptions.Task.Name, "expected a task, found none beside a model of your own", $"give one of {string.Join(", ", TaskLibrary.Names.Concat(TaskLibrary.Microworld))}, or a .yaml file")).For(protocol);

    /// <summary>Demonstrations, validation and test items.</summary>
    /// <param name="args">The options.</param>
    /// <param name="variant">The task.</param>
    /// <param name="shots">Demonstrations; null for what the options say.</param>
    public static Sample Draw(ParseResult args, TaskVariant variant, int? shots = null) => Draw(args, variant, args.CountOf(CommonOptions.Validation), args.CountOf(CommonOptions.Test), shots);

    /// <summary>Demonstrations, and so many validation and test items at most; null for the protocol's own.</summary>
    public static Sample Draw(ParseResult args, TaskVariant variant, int? validation, int? test, int? shots = null) => Sampler.Draw(variant, DataFolder(args), new SampleSize(
        shots ?? (args.GetValue(CommonOptions.Shots) is < 0 and var given ? throw OptionValues.Refuse(CommonOptions.Shots.Name, "a number from 0 up", Text(given)) : args.GetValue(CommonOptions.Shots)),
        args.GetValue(CommonOptions.Seed) is < 0 and var seed ? throw OptionValues.Refuse(CommonOptions.Seed.Name, "a number from 0 up", Text(seed)) : args.GetValue(CommonOptions.Seed),
        validation,
        test));

    /// <summary>The folder that <c>--data</c> names, or <c>ECKART_DATA</c>, which counts as unset where it is empty.</summary>
    public static string? DataFolder(ParseResult args) => args.GetValue(CommonOptions.Data) ?? (Environment.GetEnvironmentVariable("ECKART_DATA") is { Length: > 0 } folder ? folder : null);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
