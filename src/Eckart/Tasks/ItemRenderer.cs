using System.Collections.Immutable;
using Eckart.Formats.Tables;

namespace Eckart.Tasks;

/// <summary>Makes whole prompts of rows.</summary>
/// <param name="variant">The task and protocol.</param>
/// <param name="demonstrations">Text before every query; empty: the task's own prompt for that case.</param>
public sealed class ItemRenderer(TaskVariant variant, string demonstrations)
{
    /// <summary><see cref="Item.Gold"/> of a row whose right choice is not known.</summary>
    public const int Unlabelled = -1;

    private static readonly Row NoRow = new(0, "", ImmutableDictionary<string, Cell>.Empty);

    // Most tasks have the same choices in every row: one array serves all their items.
    private readonly ImmutableArray<string> fixedChoices = variant.Choices.Any(choice => choice.Text.Fields.Any()) ? default : [.. variant.Choices.Select(choice => choice.Text.Render(NoRow))];
    private readonly PromptTemplate query = demonstrations.Length == 0 && variant.ZeroShot is { } alone ? alone : variant.Query;

    /// <summary>What a model is asked about a row.</summary>
    /// <param name="row">Has the fields that the task's templates name.</param>
    /// <param name="gold">Index of the right choice, or <see cref="Unlabelled"/>.</param>
    /// <exception cref="Eckart.Formats.InputException">A field missing or not text.</exception>
    public Item Render(Row row, int gold)
    {
        ArgumentNullException.ThrowIfNull(row);
        var asked = query.Render(row);
        var prompt = demonstrations + asked;
        var choices = fixedChoices.IsDefault ? [.. variant.Choices.Select(choice => choice.Text.Render(row))] : fixedChoices;
        return new Item(row.Number, gold, variant.Scoring.Rule == ScoringRule.MeanLogit ? [.. choices.Select(choice => prompt + choice + variant.End)] : [prompt], choices) { Asked = asked };
    }

    /// <summary>A row as a demonstration.</summary>
    internal static Item Demonstration(TaskVariant variant, Row row, int gold) => new(
        row.Number,
        gold,
        [variant.Demonstration.Render(row, variant.Choices[gold].Shown.Render(row))],
        [.. variant.Choices.Select(choice => choice.Text.Render(row))]);
}
