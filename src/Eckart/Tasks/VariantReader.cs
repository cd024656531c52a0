using System.Collections.Immutable;
using System.Globalization;
using Eckart.Formats;

namespace Eckart.Tasks;

/// <summary>Reads the parts of a task's file that protocols may differ in.</summary>
/// <param name="map">The file's own keys, after a protocol's that override them.</param>
internal sealed class VariantReader(YamlMap map)
{
    /// <summary>Keys that may stand at the top of the file and under a protocol.</summary>
    public static readonly string[] Keys = ["choices", "demonstration_choices", "query", "end", "demonstration", "zero_shot", "shots", "split", "scoring", "metric", "layer", "as_published"];

    private const int MostShots = 10_000;
    private const int MostChoices = 1_000;
    private static readonly PromptTemplate Nothing = PromptTemplate.Parse("");   // stands for one with a problem

    /// <summary>The variant; of use only where no problem was reported.</summary>
    public TaskVariant Read(SharedParts task, Protocol protocol)
    {
        var choices = Choices();
        var split = new SplitReader(map, choices, task.HasOneTable).Read();
        var query = map.Require("query", "write what is asked, up to the choice") is { } node ? Template(node, "query") : Nothing;
        var end = map.Text("end") ?? "\n";
        return new TaskVariant
        {
            Name = task.Name,
            Version = task.Version,
            Title = task.Title,
            Protocol = protocol,
            Source = task.Source,
            PublishedRows = task.Rows,
            Data = task.Data,
            Folder = task.Folder,
            Label = task.Label,
            Choices = choices,
            Query = NotNamingChoice(query, "query"),
            Demonstration = Demonstration(query, end),
            ZeroShot = map.Find("zero_shot") is { } zero ? NotNamingChoice(Template(zero, "zero_shot"), "zero_shot") : null,
            End = end,
            Shots = Shots(split),
            Split = split,
            Scoring = Scoring(),
            Metric = map.OneOf("metric", new Dictionary<string, Metric> { ["accuracy"] = Metric.Accuracy, ["macro-f1"] = Metric.MacroF1 }) ?? Metric.Accuracy,
            Layer = Layer(),
            PublishedShortfall = map.OneOf("as_published", new Dictionary<string, int> { ["n"] = 0, ["n-1"] = 1 }),
        };
    }

    private ImmutableArray<TaskChoice> Choices()
    {
        if (map.Require("choices", "map each label to the text that stands for it") is null || map.Map("choices") is not { } texts) return [];
        if (texts.Entries.Count > MostChoices)
        {
            map.Report(texts.Line, $"expected at most {MostChoices} choices, found {texts.Entries.Count}", "join the labels of one text: \"0,2\"");
            return [];
        }

        var shown = map.Map("demonstration_choices");
        var choices = texts.Entries.Select(entry => new TaskChoice(LabelList.Split(entry.Key), Template(entry.Value, entry.Key), Shown(shown, entry.Key) ?? Template(entry.Value, entry.Key))).ToImmutableArray();

        if (choices.Length < 2) map.Report(texts.Line, $"expected at least 2 choices, found {choices.Length}", "map each label to the text that stands for it");
        var labels = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, (_, line, _)) in texts.Entries.Index())
        {
            if (choices[i].Text != Nothing && choices[i].Text.Source.Trim().Length == 0) map.Report(line, $"expected text for label '{texts.Entries[i].Key}', found none", "write the choice in quotes, with its leading space");
            if (choices[i].Text != Nothing && choices[..i].Any(other => other.Text.Source == choices[i].Text.Source)) map.Report(line, $"expected choices that differ, found {Excerpt.Of($"{choices[i]}")} twice", "join their labels: \"0,2\"");
            foreach (var label in choices[i].Labels.Where(label => !labels.Add(label))) map.Report(line, $"expected each label once, found {Excerpt.Of(label)} twice", "remove one of them");
        }
        shown?.Allow([.. texts.Entries.Select(entry => entry.Key)]);
        return choices;
    }

    private PromptTemplate? Shown(YamlMap? shown, string key) => shown?.Find(key) is { } node ? Template(node, key) : null;

    private PromptTemplate Demonstration(PromptTemplate query, string end)
    {
        if (map.Find("demonstration") is not { } node) return PromptTemplate.Parse($"{query.Source}{{{PromptTemplate.Choice}}}{Literal(end)}");
        var template = Template(node, "demonstration");
        if (template != Nothing && !template.Fields.Contains(PromptTemplate.Choice)) map.Report(node.Line, "expected 'demonstration' to hold {choice}, found none", "put {choice} where the answer stands");
        return template;
    }

    private PromptTemplate NotNamingChoice(PromptTemplate template, string key)
    {
        if (template.Fields.Contains(PromptTemplate.Choice)) map.Report(map.Find(key)!.Line, $"expected '{key}' to end before the choice, found {{choice}} in it", "move {choice} to 'demonstration'");
        return template;
    }

    private int Shots(SplitRules split)
    {
        var sampled = (split.Demonstrations?.PerClass ?? 0) * split.Classes.Length;
        var shots = map.Whole("shots", 0, MostShots) ?? sampled;
        if (shots > sampled) map.Report(map.Find("shots")!.Line, $"expected at most {sampled} shots (split: demonstrations: per_class times the classes), found {shots}", "raise per_class, or lower shots");
        return shots;
    }

    private string? Layer()
    {
        if (map.Find("layer") is not { } node || map.Text(node, "layer") is not { } layer) return null;
        if (layer == "all" || int.TryParse(layer, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) return layer;
        map.Report(node.Line, $"expected 'layer' to be all, or a layer's number, negative from the end, found '{layer}'", "write all, or remove it for the choice by condition number");
        return null;
    }

    private Scoring Scoring()
    {
        var scoring = map.Map("scoring");
        scoring?.Allow("rule", "normalise", "prior");
        var rule = scoring?.OneOf("rule", new Dictionary<string, ScoringRule> { ["choice"] = ScoringRule.Choice, ["label-token"] = ScoringRule.LabelToken, ["mean-logit"] = ScoringRule.MeanLogit }) ?? ScoringRule.Choice;
        var normalization = scoring?.OneOf("normalise", Enum.GetValues<ChoiceNormalization>().ToDictionary(value => value.ToString().ToLowerInvariant())) ?? ChoiceNormalization.Sum;
        var prior = scoring?.Text("prior");
        if (rule != ScoringRule.Choice && scoring?.Find("normalise") is { } node) scoring.Report(node.Line, "expected 'normalise' with the rule 'choice' only, found it with another", "remove it");
        if ((normalization == ChoiceNormalization.Prior) != (prior is not null)) scoring!.Report(scoring.Line, "expected 'prior' exactly where 'normalise' is prior, found one without the other", "give both or neither");
        return new Scoring(rule, normalization, prior);
    }

    private PromptTemplate Template(YamlNode node, string key)
    {
        if (map.Text(node, key) is not { } text) return Nothing;
        try
        {
            return PromptTemplate.Parse(text);
        }
        catch (FormatException wrong)
        {
            map.Report(node.Line, $"expected '{key}' to be a template, found an error in it: {wrong.Message}", "write fields as {name} or {name|filter}");
            return Nothing;
        }
    }

    private static string Literal(string text) => text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}
