using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Experiments.Plans;

/// <summary>Reads a plan's file, and reports everything that is wrong with it at once.</summary>
public static class PlanFile
{
    private const int LargestFile = 1 << 20;
    private const int MostItems = 1_000_000;

    /// <summary>All that a plan may say.</summary>
    internal static readonly string[] Keys =
        ["name", "title", "paper", "models", "tasks", "tasks-of-other-models", "protocols", "seeds", "shots", "split", "validation", "test", "modules", "layers", "rates", "drop", "interventions", "search"];

    /// <summary>Reads a file.</summary>
    /// <param name="path">A <c>.yaml</c> file.</param>
    /// <exception cref="InputException">It cannot be read, or all that is wrong with it.</exception>
    public static Plan Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new InputException(path, "expected a plan (.yaml), found no such file", "name one, such as plans/figure-1.yaml");
        if (new FileInfo(path).Length > LargestFile) throw new InputException(path, $"expected a plan of at most {LargestFile >> 20} MiB, found a larger file", "name a plan");
        try
        {
            return Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)), path);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InputException(path, "expected UTF-8, found other bytes", "save it as UTF-8", exception);
        }
    }

    /// <summary>Reads a plan's text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="path">The file, as messages name it.</param>
    /// <exception cref="InputException">All that is wrong with it.</exception>
    public static Plan Parse(string text, string path)
    {
        var problems = new ProblemList(path);
        var document = new YamlReader(problems).Read(text);
        if (document is not { Kind: YamlKind.Map } root)
        {
            if (document is not null) problems.Report(document.Line, $"expected keys and values, found {YamlMap.Name(document)}", "start with 'name: …'");
            problems.ThrowIfAny();
            throw new InvalidOperationException("A plan without a root has a problem.");
        }

        var map = new YamlMap(problems, root);
        map.Allow(Keys);
        var plan = Read(map);
        Check(map, plan);
        problems.ThrowIfAny();
        return plan;
    }

    private static Plan Read(YamlMap map)
    {
        var tasks = map.Texts("tasks");
        return new Plan
        {
            Name = Name(map),
            Title = map.Text("title") ?? "",
            Paper = map.Text("paper") ?? "",
            Models = Or(map.Texts("models"), EmbeddedModels.Default),
            Tasks = Or(tasks, TaskLibrary.Default),
            TasksOfOtherModels = map.Texts("tasks-of-other-models") is { IsEmpty: false } others ? others : Or(tasks, TaskLibrary.Default),
            Protocols = Or(map.Each("protocols", "default, paper or authors", text => Enum.TryParse<Protocol>(text, ignoreCase: true, out var protocol) && char.IsAsciiLetter(text[0]) ? protocol : (Protocol?)null), Protocol.Default),
            Seeds = map.Each("seeds", "whole numbers from 0 up", text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : (long?)null),
            Shots = map.Each("shots", "whole numbers from 0 up", text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var shots) ? shots : (int?)null),
            Split = map.OneOf("split", "validation", "test") ?? "test",
            Validation = Items(map, "validation"),
            Test = Items(map, "test"),
            Modules = map.Each("modules", $"modules or matrices ({string.Join(", ", Module.Known)})", Module.Find),
            Layers = map.Each("layers", LayerSelection.Notation, LayerSelection.Parse),
            Rates = [.. map.Each("rates", "clipping rates from 0 up to, not including, 1", text => ClippingRate.TryParse(text, out var rate) ? rate : (ClippingRate?)null).Append(default).Distinct().Order()],
            Drops = map.Each("drop", LayerSelection.Notation, LayerSelection.Parse),
            Interventions = map.Each("interventions", "interventions such as mlp@26:0.95", Parsed),
            Searches = map.OneOf("search", "true", "false") == "true",
        };
    }

    private static string Name(YamlMap map)
    {
        var name = map.Require("name", "give the plan a short name") is { } node ? map.Text(node, "name") : null;
        if (name is not null && (name.Length is 0 or > 64 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))))
            map.Report(map.Find("name")!.Line, $"expected 'name' to be letters, digits, _ and -, found '{name}'", "shorten or respell it");
        return name ?? "";
    }

    private static void Check(YamlMap map, Plan plan)
    {
        var line = map.Line;
        if (plan.Modules.IsEmpty != plan.Layers.IsEmpty)
            map.Report(line, plan.Modules.IsEmpty ? "expected 'modules' beside 'layers', found none" : "expected 'layers' beside 'modules', found none", "give both, or 'interventions' alone");
        if (plan.Modules.IsEmpty && plan.Interventions.IsEmpty && plan.Drops.IsEmpty)
            map.Report(line, "expected something to do ('modules' and 'layers', 'drop' or 'interventions'), found nothing", "add one of them");
        if (plan.Searches && (plan.Modules.IsEmpty || !plan.Interventions.IsEmpty || !plan.Drops.IsEmpty))
            map.Report(map.Find("search")!.Line, "expected a search over 'modules' and 'layers' alone, found other interventions or none of these", "put the others into a plan of their own");
        if (plan.Searches && map.Find("split") is { } split)
            map.Report(split.Line, "expected no 'split' in a search, which takes both, found one", "remove it");
        if (plan.Drops.Any(drop => drop.Kind == LayerSelectionKind.Chosen))
            map.Report(map.Find("drop")!.Line, "expected layers to drop by place, found 'chosen'", "name them by number, first N or last N");
        if (plan.Rates is [_] && !plan.Modules.IsEmpty && !plan.Layers.IsEmpty)
            map.Report(map.Find("modules")!.Line, "expected 'rates' above 0 for the grid, found none", "give some, such as [0.5, 0.9, 0.99]");
    }

    private static int? Items(YamlMap map, string key) => map.Find(key) is { Kind: YamlKind.Scalar, Text: "all" } ? SampleSize.All : map.Whole(key, 1, MostItems);

    private static Intervention? Parsed(string text)
    {
        try
        {
            return Intervention.Parse(text);
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static ImmutableArray<T> Or<T>(ImmutableArray<T> given, T otherwise) => given.IsEmpty ? [otherwise] : given;
}
