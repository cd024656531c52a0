using System.Collections.Immutable;

namespace Eckart.Tasks;

/// <summary>Reads and checks how a task's rows are divided.</summary>
/// <param name="map">The task's parts.</param>
/// <param name="choices">Its choices, for the labels.</param>
/// <param name="oneTable">Whether all rows are in one table.</param>
internal sealed class SplitReader(YamlMap map, ImmutableArray<TaskChoice> choices, bool oneTable)
{
    private const int MostRows = 100_000_000;
    private const long UsualSeed = 42;

    private static readonly SplitRule Whole = new("", null, 0, null, false, RowOrder.File);
    private static readonly Dictionary<string, RowOrder> Orders = new() { ["file"] = RowOrder.File, ["shuffled"] = RowOrder.Shuffled, ["class"] = RowOrder.Class };

    /// <summary>The rules; of use only where no problem was reported.</summary>
    public SplitRules Read()
    {
        if (map.Require("split", "say where demonstrations, validation and test rows come from") is null || map.Merged("split") is not { } split)
            return new SplitRules(UsualSeed, [], null, Whole, Whole);

        split.Allow("seed", "classes", "demonstrations", "validation", "test");
        var rules = new SplitRules(split.Whole("seed", 0L, long.MaxValue) ?? UsualSeed, Classes(split), Demonstrations(split), Part(split, "validation"), Part(split, "test"));
        CheckOverlap(split, rules);
        return rules;
    }

    private ImmutableArray<ImmutableArray<string>> Classes(YamlMap split)
    {
        if (split.Find("classes") is not { } node) return [.. choices.Select(choice => choice.Labels)];
        ImmutableArray<ImmutableArray<string>> classes = [.. Items(split, node, "classes").Select(item => LabelList.Split(item.Text))];
        var labels = classes.SelectMany(labels => labels).Order(StringComparer.Ordinal);
        var known = choices.SelectMany(choice => choice.Labels).Order(StringComparer.Ordinal);
        if (choices.Length > 0 && !labels.SequenceEqual(known))
            split.Report(node.Line, $"expected 'classes' to hold each label of the choices once ({string.Join(", ", known)}), found {string.Join(", ", labels)}", "correct the list");
        return classes;
    }

    private DemonstrationRule? Demonstrations(YamlMap split)
    {
        if (split.Map("demonstrations") is not { } rule) return null;
        rule.Allow("from", "per_class", "skip", "turn");
        if (rule.Require("per_class", "say how many demonstrations of each class are sampled") is null) return null;
        return new DemonstrationRule(From(rule, "train"), rule.Whole("per_class", 1, MostRows) ?? 1, rule.Whole("skip", 0, MostRows) ?? 0, Turn(rule));
    }

    private ImmutableArray<int> Turn(YamlMap rule)
    {
        if (rule.Find("turn") is not { } node) return [];
        var choiceOf = choices.Index().SelectMany(choice => choice.Item.Labels.Select(label => (label, choice.Index))).DistinctBy(pair => pair.label).ToDictionary(StringComparer.Ordinal);
        ImmutableArray<int> turn = [.. Items(rule, node, "turn").Select(item => choiceOf.GetValueOrDefault(item.Text, -1))];
        if (!turn.Order().SequenceEqual(Enumerable.Range(0, choices.Length))) rule.Report(node.Line, "expected 'turn' to name each choice once, by one of its labels, found another list", "correct the list");
        return turn;
    }

    private SplitRule Part(YamlMap split, string name)
    {
        if (split.Require(name, $"say which rows are the {name} rows") is null || split.Map(name) is not { } rule) return Whole;
        rule.Allow("from", "per_class", "skip", "count", "rest", "order");
        var perClass = rule.Whole("per_class", 1, MostRows);
        var count = rule.Whole("count", 1, MostRows);
        var rest = rule.OneOf("rest", new Dictionary<string, bool> { ["true"] = true, ["false"] = false }) ?? false;
        if ((perClass is null ? 0 : 1) + (count is null ? 0 : 1) + (rest ? 1 : 0) > 1) rule.Report(rule.Line, $"expected one of per_class, count and rest for '{name}', found several", "keep one of them");
        if (rule.Find("skip") is { } skip && perClass is null) rule.Report(skip.Line, "expected 'skip' with 'per_class' only, found it alone", "remove it");

        var usual = perClass is not null ? RowOrder.Class : count is not null || rest ? RowOrder.Shuffled : RowOrder.File;
        return new SplitRule(From(rule, name), perClass, rule.Whole("skip", 0, MostRows) ?? 0, count, rest, rule.OneOf("order", Orders) ?? usual);
    }

    private string From(YamlMap rule, string usual)
    {
        if (!oneTable) return rule.OneOf("from", "train", "validation", "test") ?? usual;
        if (rule.Find("from") is { } node) rule.Report(node.Line, "expected no 'from' where 'data' is one table, found one", "remove it");
        return SplitRule.OneTable;
    }

    private static void CheckOverlap(YamlMap split, SplitRules rules)
    {
        List<(string Name, SplitRule Rule)> parts = [("validation", rules.Validation), ("test", rules.Test)];
        if (rules.Demonstrations is { } demonstrations) parts.Insert(0, ("demonstrations", new SplitRule(demonstrations.From, demonstrations.PerClass, demonstrations.Skip, null, false, RowOrder.Class)));
        for (var later = 1; later < parts.Count; later++)
            foreach (var (name, _) in parts[..later].Where(earlier => Overlap(earlier.Rule, parts[later].Rule)))
                split.Report(split.Line, $"expected '{name}' and '{parts[later].Name}' to share no row, found both in the same rows of {parts[later].Rule.From}", "use skip, or rest: true");
    }

    private static bool Overlap(SplitRule earlier, SplitRule later)
    {
        if (earlier.From != later.From || earlier.From.Length == 0) return false;
        if (later.Rest || later.Count is not null) return earlier.Rest || earlier.All;
        return earlier.PerClass is not { } first || later.PerClass is not { } second || (earlier.Skip < later.Skip + second && later.Skip < earlier.Skip + first);
    }

    private static List<YamlNode> Items(YamlMap map, YamlNode node, string key)
    {
        if (node.Kind == YamlKind.List && node.Items.All(item => item.Kind == YamlKind.Scalar)) return node.Items;
        map.Report(node.Line, $"expected '{key}' to be a list of labels, found {YamlMap.Name(node)}", "write it as [1, 0]");
        return [];
    }
}
