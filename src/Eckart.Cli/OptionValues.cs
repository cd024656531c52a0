using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Eckart.Formats;
using Eckart.Pruning;

namespace Eckart.Cli;

/// <summary>Values of options, checked; a bad one is an error in three parts.</summary>
internal static class OptionValues
{
    /// <summary>One of an enumeration's names, in kebab case, any case.</summary>
    public static T OneOf<T>(this ParseResult args, Option<string> option)
        where T : struct, Enum => OneOf<T>(option.Name, args.GetValue(option)!);

    /// <summary>Like <see cref="OneOf{T}(ParseResult, Option{string})"/>; null where the option is absent.</summary>
    public static T? OptionalOneOf<T>(this ParseResult args, Option<string> option)
        where T : struct, Enum => args.GetValue(option) is { } text ? OneOf<T>(option.Name, text) : null;

    /// <summary>A module or projection.</summary>
    public static Module ModuleOf(this ParseResult args) => Module.Find(args.GetValue(CommonOptions.Module)!)
        ?? throw Refuse(CommonOptions.Module.Name, $"one of {string.Join(", ", Module.Known)}", args.GetValue(CommonOptions.Module)!);

    /// <summary>How Algorithm 1 is to rank layers.</summary>
    public static LayerRanking RankingOf(this ParseResult args) => new(
        args.GetValue(CommonOptions.TopK) is > 0 and var top ? top : throw Refuse(CommonOptions.TopK.Name, "a number above 0", FormattableString.Invariant($"{args.GetValue(CommonOptions.TopK)}")),
        args.OneOf<Aggregate>(CommonOptions.Aggregate),
        args.OneOf<Indicator>(CommonOptions.Indicator));

    /// <summary>The rates to try, ascending, without repeats, 0 among them.</summary>
    public static IReadOnlyList<ClippingRate> RatesOf(this ParseResult args) => RatesOf(args, CommonOptions.Rates);

    /// <summary>The same of another option.</summary>
    public static IReadOnlyList<ClippingRate> RatesOf(this ParseResult args, Option<string> option) =>
        [.. args.GetValue(option)!.Split(',', StringSplitOptions.TrimEntries)
            .Select(text => ClippingRate.TryParse(text, out var rate) ? rate : throw Refuse(option.Name, "clipping rates from 0 up to, not including, 1, such as 0,0.5,0.95", text))
            .Append(default).Distinct().Order()];

    /// <summary>What stands between commas, at least one.</summary>
    /// <param name="args">Hold a value of the option.</param>
    /// <param name="option">The option.</param>
    /// <param name="expected">What each is, in the plural, for the message.</param>
    /// <param name="parse">Null where a text is no such value.</param>
    public static IEnumerable<T> EachOf<T>(this ParseResult args, Option<string> option, string expected, Func<string, T?> parse)
        where T : class => args.GetValue(option)!.Split(',', StringSplitOptions.TrimEntries).Select(text => (text.Length > 0 ? parse(text) : null) ?? throw Refuse(option.Name, expected, text)).ToArray();

    /// <summary>Whether an option was typed, rather than its default taken.</summary>
    public static bool IsGiven(this ParseResult args, Option option) => args.GetResult(option) is { Implicit: false };

    /// <summary>A number of items; null for the default, <see cref="int.MaxValue"/> for <c>all</c>.</summary>
    public static int? CountOf(this ParseResult args, Option<string> option) => args.GetValue(option) switch
    {
        null => null,
        "all" => int.MaxValue,
        var text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : throw Refuse(option.Name, "a number above 0, or all", text),
    };

    /// <summary>The level α, inside (0, 1).</summary>
    public static double AlphaOf(this ParseResult args) => args.GetValue(CommonOptions.Alpha) is > 0 and < 1 and var alpha ? alpha
        : throw Refuse(CommonOptions.Alpha.Name, "a level between 0 and 1, such as 0.05", args.GetValue(CommonOptions.Alpha).ToString(CultureInfo.InvariantCulture));

    /// <summary>A file to write, checked before any work is done for it; null where the option is absent.</summary>
    public static string? FileToWrite(this ParseResult args, Option<string> option)
    {
        if (args.PathOf(option) is not { } path) return null;
        if (Directory.Exists(path)) throw new InputException(path, "expected the name of a file, found a folder", "name a file in it");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(folder) ? path : throw new InputException(path, $"expected a folder {folder} to write to, found none", "make it, or name another file");
    }

    /// <summary>A folder to write to, made later if need be, checked before any work is done for it; null where the option is absent.</summary>
    public static string? FolderToWrite(this ParseResult args, Option<string> option)
    {
        if (args.PathOf(option) is not { } path) return null;
        for (var folder = Path.GetFullPath(path); folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
            if (File.Exists(folder)) throw new InputException(path, $"expected a folder to write to, found a file{(folder == Path.GetFullPath(path) ? "" : $" {folder}")}", $"name another {option.Name}");
        return path;
    }

    /// <summary>Makes a folder that is not there.</summary>
    /// <exception cref="InputException">It cannot be made.</exception>
    public static void MakeFolder(string path, Option<string> option)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected a folder to write to, found: {exception.Message}", $"name another {option.Name}", exception);
        }
    }

    /// <summary>A path; null where the option is absent.</summary>
    public static string? PathOf(this ParseResult args, Option<string> option) => args.GetValue(option) is not "" ? args.GetValue(option) : throw Refuse(option.Name, "a path", "");

    /// <summary>Parses a whole number, in any culture the same.</summary>
    public static T? Whole<T>(ArgumentResult value)
        where T : struct, INumberBase<T> => Number<T>(value, NumberStyles.AllowLeadingSign, "a whole number");

    /// <summary>Parses a whole number above 0, in any culture the same.</summary>
    public static int? Count(ArgumentResult value)
    {
        if (int.TryParse(value.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0) return count;
        value.AddError("a whole number above 0");
        return null;
    }

    /// <summary>Parses a size in bytes, at least one.</summary>
    public static long? Size(ArgumentResult value)
    {
        if (ByteSize.TryParse(value.Tokens[0].Value, out var bytes)) return bytes;
        value.AddError("a size such as 512MiB, 2GiB or 2GB, or plain bytes");
        return null;
    }

    /// <summary>Parses a number with a decimal point, in any culture the same.</summary>
    public static double? Fraction(ArgumentResult value) => Number<double>(value, NumberStyles.Float, "a number such as 0.05");

    /// <summary>The error for a value that an option cannot take.</summary>
    public static InputException Refuse(string option, string expected, string found) => new(option, $"expected {expected}, found '{found}'", "give one of these");

    private static T OneOf<T>(string option, string text)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (KebabCase.Of(value).Equals(text, StringComparison.OrdinalIgnoreCase)) return value;
        throw Refuse(option, $"one of {string.Join(", ", Enum.GetValues<T>().Select(KebabCase.Of))}", text);
    }

    private static T? Number<T>(ArgumentResult value, NumberStyles style, string expected)
        where T : struct, INumberBase<T>
    {
        if (T.TryParse(value.Tokens[0].Value, style, CultureInfo.InvariantCulture, out var number)) return number;
        value.AddError(expected);
        return null;
    }
}
