using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Eckart.Formats;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary>Which layers a search is told to try.</summary>
/// <param name="Layers">Those; null for Algorithm 1's choice.</param>
/// <param name="Note">What the report has to say of where that came from; null where the option said it.</param>
internal sealed record SearchedLayers(ImmutableArray<int>? Layers, string? Note)
{
    public static readonly Option<string> Option = new("--layer") { Description = "The layer whose rates are tried (negative: from the end), or all. Not given: what the task's file says, or else Algorithm 1's choice.", HelpName = "N|all" };

    /// <summary>Reads the option, or else the task's file.</summary>
    /// <param name="args">The options.</param>
    /// <param name="variant">The task.</param>
    /// <param name="count">Layers of the model.</param>
    /// <exception cref="InputException">No layer of the model.</exception>
    public static SearchedLayers From(ParseResult args, TaskVariant variant, int count)
    {
        if (args.GetValue(Option) is { } given) return new SearchedLayers(Parse(Option.Name, given, count), null);
        if (variant.Layer is not { } wanted) return new SearchedLayers(null, null);
        var what = wanted == "all" ? "all layers are" : $"layer {wanted} is";
        return new SearchedLayers(Parse($"task '{variant.Name}': layer", wanted, count), $"{what} tried because the task's file says so; --layer N tries one");
    }

    private static ImmutableArray<int> Parse(string where, string text, int count) => text == "all"
        ? [.. Enumerable.Range(0, count)]
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var layer) && layer >= -count && layer < count
            ? [layer < 0 ? layer + count : layer]
            : throw OptionValues.Refuse(where, $"a layer from 0 to {count - 1}, from -{count} to -1, or all", text);
}
