using System.CommandLine;
using Eckart.Formats;
using Eckart.Formats.HuggingFace.Hub;
using Eckart.Models;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary>A task in words: where it comes from, how its rows are drawn, what a model is asked.</summary>
internal static class TaskExplanation
{
    public static void Write(ParseResult args, string name, TextWriter output, CancellationToken cancellation)
    {
        // All that can be refused is, before the first line is written.
        var variant = TaskItems.Variant(args, name);
        var sample = variant.Data is null && TaskItems.DataFolder(args) is null ? null : TaskItems.Draw(args, variant);
        var tokens = args.GetValue(CommonOptions.Model) is null ? [] : Tokens(args, variant, sample?.Test.Items.FirstOrDefault(), cancellation);

        WriteTask(variant, output);
        if (sample is null) output.WriteLine($"data       none given: name its folder with {CommonOptions.Data.Name}, or set ECKART_DATA; a task's own file can name it as data");
        else WriteItems(sample, output);
        foreach (var line in tokens) output.WriteLine(line);
    }

    private static void WriteTask(TaskVariant variant, TextWriter output)
    {
        output.WriteLine($"{variant.Name} (version {variant.Version}), {KebabCase.Of(variant.Protocol)} protocol: {variant.Title}");
        WriteSource(variant.Source, output);
        output.WriteLine($"choices    {string.Join(", ", variant.Choices.Select((choice, i) => $"{i}: '{choice}' (label {string.Join(" or ", choice.Labels)})"))}");
        output.WriteLine($"query      {Visible(variant.Query.Source)}");
        output.WriteLine($"shown as   {Visible(variant.Demonstration.Source)}");
        if (variant.ZeroShot is { } zero) output.WriteLine($"zero-shot  {Visible(zero.Source)}");
        output.WriteLine($"scoring    {variant.Scoring}; metric {KebabCase.Of(variant.Metric)}");
        output.WriteLine($"rows       {Count.Of(variant.Shots, "demonstration")}, seed {variant.Seed}; validation {Explain(variant.Split.Validation)}; test {Explain(variant.Split.Test)}");
    }

    private static void WriteItems(Sample sample, TextWriter output)
    {
        output.WriteLine($"drawn      validation {sample.Validation.Items.Length} of {sample.Validation.Available}, test {sample.Test.Items.Length} of {sample.Test.Available}");
        foreach (var note in sample.Notes) output.WriteLine($"note       {note}");
        if (sample.Test.Items is not [var first, ..]) return;
        foreach (var prompt in first.Prompts)
        {
            output.WriteLine($"--- test row {first.Row}, gold {first.Gold} ---");
            output.WriteLine(prompt);
        }

        output.WriteLine("---");
    }

    private static void WriteSource(TaskSource source, TextWriter output)
    {
        foreach (var (what, value) in new[] { ("hub", source.Hub), ("url", source.Url), ("licence", source.Licence), ("cite", source.Cite), ("data from", source.Obtain) })
            if (value is not null) output.WriteLine($"{what,-10} {value}");
    }

    // The choice's own tokens stand behind the bar; where the prompt's last token is among them, the boundary lies within a token.
    private static string[] Tokens(ParseResult args, TaskVariant variant, Item? item, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(ModelPath.Of(args, HubContent.Checkpoint, cancellation));
        using var tokenizer = checkpoint.LoadTokenizer();
        if (item is null) return [];
        var query = new QueryEncoder(tokenizer, checkpoint.Spec, variant.Scoring).Encode(item, $"{variant.Name} test row {item.Row}");
        return [.. query.Choices.Select((choice, i) =>
        {
            var tokens = choice.Ids.ToArray().Select(id => Visible(tokenizer.Token(id))).ToArray();
            var inside = variant.Scoring.Rule == ScoringRule.Choice && QueryEncoder.SplitsPrompt(tokenizer, item.Prompts[item.Prompts.Length == 1 ? 0 : i], choice);
            return $"choice {i}: {tokens.Length} tokens, {choice.Own} its own: … {string.Join(' ', tokens[^Math.Min(tokens.Length, choice.Own + 6)..^choice.Own])} | {string.Join(' ', tokens[^choice.Own..])}{(inside ? "   (the boundary lies within a token)" : "")}";
        })];
    }

    private static string Explain(SplitRule rule) =>
        $"{(rule.PerClass is { } each ? $"{each} a class" : rule.Count is { } count ? $"{count} rows" : rule.Rest ? "the other rows" : "all rows")} of {rule.From}";

    private static string Visible(string template) => template.Replace("\n", "\\n", StringComparison.Ordinal);
}
