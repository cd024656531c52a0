using System.Collections.Immutable;
using System.Globalization;

namespace Eckart.Experiments.Plans;

/// <summary>Layers as a plan names them, before the model is known: <c>all</c>, <c>first 2</c>, <c>last 2</c>, <c>chosen</c> (Algorithm 1), or numbers, negative from the end.</summary>
/// <param name="Kind">Which of these.</param>
/// <param name="Count">Of <c>first</c> and <c>last</c>; otherwise 0.</param>
/// <param name="Number">Of a layer by number; otherwise 0.</param>
public readonly record struct LayerSelection(LayerSelectionKind Kind, int Count = 0, int Number = 0)
{
    /// <summary>What is accepted, for messages.</summary>
    public const string Notation = "all, chosen, first N, last N, or a layer by number (negative: from the end)";

    /// <summary>Reads the notation; null where it is another text.</summary>
    public static LayerSelection? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["all"] => new LayerSelection(LayerSelectionKind.All),
            ["chosen"] => new LayerSelection(LayerSelectionKind.Chosen),
            ["first", var count] when Above0(count) is { } first => new LayerSelection(LayerSelectionKind.First, first),
            ["last", var count] when Above0(count) is { } last => new LayerSelection(LayerSelectionKind.Last, last),
            [var number] when int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var layer) => new LayerSelection(LayerSelectionKind.ByNumber, Number: layer),
            _ => null,
        };
    }

    /// <summary>The layers, ascending; none of <c>chosen</c>, which takes spectra to answer.</summary>
    /// <param name="layers">Of the model.</param>
    /// <returns>Null where the model lacks the layer that is named; <c>first</c> and <c>last</c> take what there is.</returns>
    public ImmutableArray<int>? Of(int layers) => Kind switch
    {
        LayerSelectionKind.All => [.. Enumerable.Range(0, layers)],
        LayerSelectionKind.First => [.. Enumerable.Range(0, Math.Min(Count, layers))],
        LayerSelectionKind.Last => [.. Enumerable.Range(Math.Max(0, layers - Count), Math.Min(Count, layers))],
        LayerSelectionKind.ByNumber => Number < -layers || Number >= layers ? null : [Number < 0 ? Number + layers : Number],
        _ => [],
    };

    /// <summary>The notation.</summary>
    public override string ToString() => Kind switch
    {
        LayerSelectionKind.First => string.Create(CultureInfo.InvariantCulture, $"first {Count}"),
        LayerSelectionKind.Last => string.Create(CultureInfo.InvariantCulture, $"last {Count}"),
        LayerSelectionKind.ByNumber => Number.ToString(CultureInfo.InvariantCulture),
        _ => Kind.ToString().ToLowerInvariant(),
    };

    private static int? Above0(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : null;
}

/// <summary>Ways of naming layers.</summary>
public enum LayerSelectionKind
{
    /// <summary>Every layer.</summary>
    All,

    /// <summary>The one that Algorithm 1 takes.</summary>
    Chosen,

    /// <summary>The first of them.</summary>
    First,

    /// <summary>The last of them.</summary>
    Last,

    /// <summary>One.</summary>
    ByNumber,
}
