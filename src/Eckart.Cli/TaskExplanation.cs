using System.CommandLine;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary>A task in words: where it comes from, how its rows are drawn, what a model is asked.</summary>
internal static class TaskExplanation
{
    public static void Write(ParseResult args, string name, TextWriter output)
    {
        var variant = Drawing.Variant(args, name);
        output.WriteLine($"{variant.Name} (version {variant.Version}), {OptionValues.Kebab(variant.Protocol)} protocol: {variant.Title}");
        WriteSource(variant.Source, output);
        output.WriteLine($"choices    {string.Join(", ", variant.Choices.Select((choice, i) => $"{i}: '{choice}' (label {string.Join(" or ", choice.Labels)})"))}");
        output.WriteLine($"query      {Visible(variant.Query.Source)}");
        output.WriteLine($"demonstration {Visible(variant.Demonstration.Source)}");
        if (variant.ZeroShot is { } zero) output.WriteLine($"zero-shot  {Visible(zero.Source)}");
        output.WriteLine($"scoring    {variant.Scoring}; metric {OptionValues.Kebab(variant.Metric)}");
        output.WriteLine($"rows       {variant.Shots} demonstrations, seed {variant.Seed}; validation {Explain(variant.Split.Validation)}; test {Explain(variant.Split.Test)}");

        Sample sample;
        try
        {
            sample = Drawing.Draw(args, variant);
        }
        catch (InputException missing) when (Drawing.DataFolder(args) is null && variant.Data is null)
        {
            output.WriteLine($"data       none: {missing.Problems[0].Remedy}");
            return;
        }

        output.WriteLine($"drawn      validation {sample.Validation.Items.Length} of {sample.Validation.Available}, test {sample.Test.Items.Length} of {sample.Test.Available}");
        foreach (var note in sample.Notes) output.WriteLine($"note       {note}");
        if (sample.Test.Items is not [var first, ..]) return;
        foreach (var prompt in first.Prompts)
        {
            output.WriteLine($"--- test row {first.Row}, gold {first.Gold} ---");
            output.WriteLine(prompt);
        }

        output.WriteLine("---");
        if (args.GetValue(CommonOptions.Model) is not null) WriteTokens(args, variant, first, output);
    }

    private static void WriteSource(TaskSource source, TextWriter output)
    {
        foreach (var (what, value) in new[] { ("hub", source.Hub), ("url", source.Url), ("licence", source.Licence), ("cite", source.Cite), ("data from", source.Obtain) })
            if (value is not null) output.WriteLine($"{what,-10} {value}");
    }

    // The choice's own tokens stand behind the bar; where the prompt's last token is among them, the boundary lies within a token.
    private static void WriteTokens(ParseResult args, TaskVariant variant, Item item, TextWriter output)
    {
        using var checkpoint = Checkpoint.Open(ModelSession.PathOf(args));
        using var tokenizer = checkpoint.LoadTokenizer();
        var query = new QueryEncoder(tokenizer, checkpoint.Spec, variant.Scoring).Encode(item, $"{variant.Name} test row {item.Row}");
        foreach (var (choice, i) in query.Choices.Select((choice, i) => (choice, i)))
        {
            var tokens = choice.Ids.ToArray().Select(tokenizer.Token).ToArray();
            var inside = variant.Scoring.Rule == ScoringRule.Choice && QueryEncoder.SplitsPrompt(tokenizer, item.Prompts[item.Prompts.Length == 1 ? 0 : i], choice);
            output.WriteLine($"choice {i}: {tokens.Length} tokens, {choice.Own} its own: … {string.Join(' ', tokens[^Math.Min(tokens.Length, choice.Own + 6)..^choice.Own])} | {string.Join(' ', tokens[^choice.Own..])}{(inside ? "   (the boundary lies within a token)" : "")}");
        }
    }

    private static string Explain(SplitRule rule) =>
        $"{(rule.PerClass is { } each ? $"{each} a class" : rule.Count is { } count ? $"{count} rows" : rule.Rest ? "the other rows" : "all rows")} of {rule.From}";

    private static string Visible(string template) => template.Replace("\n", "\\n", StringComparison.Ordinal);
}
