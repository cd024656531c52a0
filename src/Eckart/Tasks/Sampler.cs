using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Formats.Tables;

namespace Eckart.Tasks;

/// <summary>Draws a task's demonstrations, validation and test rows by a seed and renders them.</summary>
/// <remarks><b>Source:</b> the samplers of the paper's published code (github.com/chen123CtrlS/EnhancingICL_SVDPruning): shuffle, then cut each class.</remarks>
public static class Sampler
{
    /// <summary>Draws and renders.</summary>
    /// <param name="variant">The task and protocol.</param>
    /// <param name="dataFolder">Holds one folder a task; null where the user has named none. Not looked at where the task has data of its own.</param>
    /// <param name="size">How much; null for the protocol's own.</param>
    /// <exception cref="InputException">Data missing or malformed, too few rows of a class, or more demonstrations than were sampled.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative number of demonstrations, a negative seed or order, or less than one item.</exception>
    public static Sample Draw(TaskVariant variant, string? dataFolder, SampleSize? size = null)
    {
        ArgumentNullException.ThrowIfNull(variant);
        size ??= new SampleSize();
        var shots = size.Shots ?? variant.Shots;
        var seed = size.Seed ?? variant.Seed;
        var whole = variant.Protocol != Protocol.Default;
        ArgumentOutOfRangeException.ThrowIfNegative(shots, nameof(size));
        ArgumentOutOfRangeException.ThrowIfNegative(seed, nameof(size));

        var tables = new TaskTables(variant, dataFolder, seed);
        var sampled = Demonstrations(variant, tables);
        if (shots > sampled.Length)
            throw new InputException($"task '{variant.Name}'", $"expected at most {sampled.Length} demonstrations, which is what is sampled, found {shots} asked for", "lower the number of shots");

        ImmutableArray<Item> shown = [.. InOrder(sampled[..shots], size.Order).Select(pair => ItemRenderer.Demonstration(variant, pair.Row, pair.Gold))];
        var renderer = new ItemRenderer(variant, string.Concat(shown.Select(item => item.Prompts[0])));
        var validation = Items(variant.Split.Validation, size.Validation ?? (whole ? SampleSize.All : SampleSize.UsualValidation));
        var test = Items(variant.Split.Test, size.Test ?? (whole ? SampleSize.All : SampleSize.UsualTest));
        return new Sample(variant, seed, new ItemSet(shown, sampled.Length), validation, test, renderer, [.. tables.Notes(), .. variant.Notes()]);

        ItemSet Items(SplitRule rule, int most)
        {
            var table = tables[rule.From];
            var rows = table.Take(table.Select(rule));
            return new ItemSet([.. Thinned(rows, most).Select(row => renderer.Render(table.Rows[row], table.Gold[row]))], rows.Length);
        }
    }

    // The classes in turn as the published code samples them; then, where the task says so, the choices in turn.
    private static (Row Row, int Gold)[] Demonstrations(TaskVariant variant, TaskTables tables)
    {
        if (variant.Split.Demonstrations is not { } rule) return [];
        var table = tables[rule.From];
        var classes = table.OfEachClass(rule.PerClass, rule.Skip);
        var sampled = table.Take(InTurn(classes));
        var choices = sampled.ToLookup(row => table.Gold[row]);
        var ordered = rule.Turn.IsEmpty ? sampled : InTurn([.. rule.Turn.Select(choice => choices[choice].ToArray())]);
        return [.. ordered.Select(row => (table.Rows[row], table.Gold[row]))];
    }

    // The same demonstrations, shuffled as Hugging Face datasets would.
    private static (Row Row, int Gold)[] InOrder((Row Row, int Gold)[] demonstrations, long? order) =>
        order is { } seed ? [.. NumpyPermutation.Of(seed, demonstrations.Length).Select(i => demonstrations[i])] : demonstrations;

    private static int[] InTurn(int[][] queues) =>
        [.. Enumerable.Range(0, queues.Max(queue => queue.Length)).SelectMany(i => queues.Where(queue => i < queue.Length).Select(queue => queue[i]))];

    // Splits are ordered by class: the first N would be of one class.
    private static IEnumerable<int> Thinned(int[] rows, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return rows.Length <= most ? rows : Enumerable.Range(0, most).Select(i => rows[(long)i * rows.Length / most]);
    }
}
