using System.Collections.Immutable;
using System.Globalization;
using Eckart.Engine;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Experiments.Plans;

/// <summary>Reads a plan's keys, each for itself.</summary>
internal static class PlanReader
{
    private const int Most = 1_000_000;
    private static readonly string[] Dtypes = ["f32", "bf16", "f32/cuda", "bf16/cuda"];

    /// <summary>The eight of the paper.</summary>
    internal static readonly ImmutableArray<ClippingRate> UsualRates = [.. new[] { 0m, 0.1m, 0.5m, 0.75m, 0.9m, 0.95m, 0.99m, 0.995m }.Select(rate => new ClippingRate(rate))];

    public static Plan Read(YamlMap map)
    {
        var measure = map.OneOf("measure", Words<PlanMeasure>()) ?? PlanMeasure.Accuracy;
        var searches = Truth(map, "search");
        var tasks = Or(map.Texts("tasks"), measure == PlanMeasure.Accuracy ? [TaskLibrary.Default] : []);
        return new Plan
        {
            Name = Name(map),
            Title = map.Text("title") ?? "",
            Paper = map.Text("paper") ?? "",
            Measure = measure,
            Models = Or(map.Texts("models"), [measure == PlanMeasure.Functions ? EmbeddedModels.Functions : EmbeddedModels.Default]),
            Tasks = tasks,
            TasksOfOtherModels = Or(map.Texts("tasks-of-other-models"), tasks),
            Protocols = Or(map.Each("protocols", "default, paper or authors", text => Enum.TryParse<Protocol>(text, ignoreCase: true, out var protocol) && char.IsAsciiLetter(text[0]) ? protocol : (Protocol?)null), [Protocol.Default]),
            Seeds = map.Each("seeds", "whole numbers from 0 up", Number<long>),
            Shots = map.Each("shots", "whole numbers from 0 up", Number<int>),
            Orders = map.Each("orders", "whole numbers from 0 up", Number<long>),
            Split = map.OneOf("split", "validation", "test", "both") ?? "test",
            Validation = Items(map, "validation"),
            Test = Items(map, "test"),
            Modules = map.Each("modules", $"modules or matrices ({string.Join(", ", Module.Known)})", Module.Find),
            Layers = map.Each("layers", LayerSelection.Notation, LayerSelection.Parse),
            Rates = Rates(map, searches),
            Drops = map.Each("drop", LayerSelection.Notation, LayerSelection.Parse),
            Interventions = map.Each("interventions", "interventions such as mlp@26:0.95", Parsed),
            Alone = Truth(map, "alone"),
            Searches = searches,
            Ranking = new LayerRanking(map.Whole("top-k", 1, Most) ?? LayerChoice.DefaultTop, map.OneOf("aggregate", Words<Aggregate>()) ?? Aggregate.Max, map.OneOf("indicator", Words<Indicator>()) ?? Indicator.Condition),
            ByShots = map.Each("by-shots", "whole numbers from 0 up", Number<int>),
            Svd = map.OneOf("svd", Words<SvdKind>()),
            Engine = map.OneOf("engine", Words<EngineKind>()) ?? EngineKind.Walk,
            Dtype = map.OneOf("dtype", Dtypes),
            ChunkTokens = map.Whole("chunk-tokens", 1, int.MaxValue),
            Alpha = Level(map),
            Functions = map.Whole("functions", 1, Most) ?? Plan.UsualFunctions,
        };
    }

    private static Dictionary<string, T> Words<T>()
        where T : struct, Enum => Enum.GetValues<T>().ToDictionary(KebabCase.Of);

    private static string Name(YamlMap map)
    {
        var name = map.Require("name", "give the plan a short name") is { } node ? map.Text(node, "name") : null;
        if (name is not null && (name.Length is 0 or > 64 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))))
            map.Report(map.Find("name")!.Line, $"expected 'name' to be letters, digits, _ and -, found '{name}'", "shorten or respell it");
        return name ?? "";
    }

    private static ImmutableArray<ClippingRate> Rates(YamlMap map, bool searches) => searches && map.Find("rates") is null ? UsualRates
        : [.. map.Each("rates", "clipping rates from 0 up to, not including, 1", text => ClippingRate.TryParse(text, out var rate) ? rate : (ClippingRate?)null).Append(default).Distinct().Order()];

    private static double Level(YamlMap map)
    {
        if (map.Text("alpha") is not { } text) return 0.05;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var alpha) && alpha is > 0 and < 1) return alpha;
        map.Report(map.Find("alpha")!.Line, $"expected 'alpha' to be a level between 0 and 1, found {Excerpt.Of(text)}", "write a number such as 0.05");
        return 0.05;
    }

    private static bool Truth(YamlMap map, string key) => map.OneOf(key, "true", "false") == "true";

    private static int? Items(YamlMap map, string key) => map.Find(key) is { Kind: YamlKind.Scalar, Text: "all" } ? SampleSize.All : map.Whole(key, 1, Most);

    private static T? Number<T>(string text)
        where T : struct, System.Numerics.INumberBase<T> => T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

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

    private static ImmutableArray<T> Or<T>(ImmutableArray<T> given, ImmutableArray<T> otherwise) => given.IsEmpty ? otherwise : given;
}
