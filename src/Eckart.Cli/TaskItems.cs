using System.CommandLine;
using System.Globalization;
using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary>A task's variant and its items, as the options ask for them.</summary>
internal static class TaskItems
{
    /// <summary>The task under the protocol.</summary>
    public static TaskVariant Variant(ParseResult args, string? name) => Load(name).For(args.OneOf<Protocol>(CommonOptions.Protocol));

    /// <summary>The task, and how much of it.</summary>
    public static TaskSettings Settings(ParseResult args) =>
        new(Variant(args, NameOf(args)), DataFolder(args), Size(args, args.CountOf(CommonOptions.Validation), args.CountOf(CommonOptions.Test)), args.OptionalOneOf<SvdKind>(CommonOptions.Svd));

    /// <summary>Whether neither a model nor a task is named, so that the embedded ones are taken.</summary>
    public static bool IsDefault(ParseResult args) => args.GetValue(CommonOptions.Model) is null && args.GetValue(CommonOptions.Task) is null;

    /// <summary>The task that <c>--task</c> names; the embedded default where no model is named either.</summary>
    public static string? NameOf(ParseResult args) => args.GetValue(CommonOptions.Task) ?? (args.GetValue(CommonOptions.Model) is null ? TaskLibrary.Default : null);

    /// <summary>The same; refused where there is none.</summary>
    public static string RequiredName(ParseResult args) => Required(NameOf(args));

    /// <summary>A task by its name or file.</summary>
    public static TaskDefinition Load(string? name) => TaskLibrary.Load(Required(name));

    private static string Required(string? name) => name ?? throw new InputException(
        CommonOptions.Task.Name, "expected a task, found none beside a model of your own", $"give one of {string.Join(", ", TaskLibrary.Names.Concat(TaskLibrary.Microworld))}, or a .yaml file");

    /// <summary>Demonstrations, validation and test items.</summary>
    public static Sample Draw(ParseResult args, TaskVariant variant) => Draw(args, variant, args.CountOf(CommonOptions.Validation), args.CountOf(CommonOptions.Test));

    /// <summary>Demonstrations, and so many validation and test items at most; null for the protocol's own.</summary>
    public static Sample Draw(ParseResult args, TaskVariant variant, int? validation, int? test) => Sampler.Draw(variant, DataFolder(args), Size(args, validation, test));

    private static SampleSize Size(ParseResult args, int? validation, int? test) => new(
        args.GetValue(CommonOptions.Shots) is < 0 and var shots ? throw OptionValues.Refuse(CommonOptions.Shots.Name, "a number from 0 up", Text(shots)) : args.GetValue(CommonOptions.Shots),
        args.GetValue(CommonOptions.Seed) is < 0 and var seed ? throw OptionValues.Refuse(CommonOptions.Seed.Name, "a number from 0 up", Text(seed)) : args.GetValue(CommonOptions.Seed),
        validation,
        test);

    /// <summary>The folder that <c>--data</c> names, or <c>ECKART_DATA</c>, which counts as unset where it is empty.</summary>
    /// <exception cref="InputException">A folder is named that is not there.</exception>
    public static string? DataFolder(ParseResult args) => args.PathOf(CommonOptions.Data) is { } named
        ? Directory.Exists(named) ? named : throw new InputException(CommonOptions.Data.Name, $"expected a folder that holds a folder a task, found nothing at {named}", "check the path")
        : (Environment.GetEnvironmentVariable("ECKART_DATA") is { Length: > 0 } folder ? folder : null);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
