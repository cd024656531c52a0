using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Export;

/// <summary>The layers that are left once some are dropped: those behind a dropped one move up.</summary>
internal sealed class LayerNumbers
{
    private const string Layer = "{layer}";
    private const string Kinds = "layer_types";                 // one a layer

    private readonly ModelSpec spec;
    private readonly int?[] numbers;        // by the source's number
    private readonly string[] prefixes;     // of the names of a layer's tensors

    /// <param name="spec">Of the source.</param>
    /// <param name="intervention">Resolved; its drops count.</param>
    /// <exception cref="InputException">No layer is left.</exception>
    public LayerNumbers(ModelSpec spec, Intervention intervention)
    {
        this.spec = spec;
        var dropped = intervention.Edits.OfType<LayerDrop>().Select(drop => drop.Layer).ToHashSet();
        if (dropped.Count == spec.Layers) throw new InputException($"intervention {intervention}", "expected a layer to be left, found none", "drop fewer");
        numbers = [.. Enumerable.Range(0, spec.Layers).Select(layer => dropped.Contains(layer) ? (int?)null : layer - dropped.Count(other => other < layer))];
        var name = spec.Family.Names[Part.AttentionNorm];
        var prefix = name[..name.IndexOf(Layer, StringComparison.Ordinal)];
        prefixes = prefix.StartsWith(spec.Family.BasePrefix, StringComparison.Ordinal) ? [prefix, prefix[spec.Family.BasePrefix.Length..]] : [prefix];
    }

    /// <summary>Layers left.</summary>
    public int Count => numbers.Count(number => number is not null);

    /// <summary>Whether every layer stays what it is.</summary>
    public bool Unchanged => Count == spec.Layers;

    /// <summary>A layer's number by its number in the source; null where it is dropped.</summary>
    public int? Of(int layer) => numbers[layer];

    /// <summary>A tensor's name by its name in the source, buffers of a layer included; null where its layer is dropped.</summary>
    public string? NameOf(string name)
    {
        if (prefixes.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is not { } prefix) return name;
        var end = name.IndexOf('.', prefix.Length);
        if (end < 0 || !int.TryParse(name.AsSpan(prefix.Length, end - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var layer) || layer >= numbers.Length) return name;
        return numbers[layer] is { } number ? string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}{name[end..]}") : null;
    }

    /// <summary>Changes what a configuration says of its layers: their number, and what it lists or counts layer by layer.</summary>
    /// <param name="config">Of the source; changed.</param>
    public void Renumber(JsonObject config)
    {
        config[spec.Family.Keys.Layers] = Count;
        if (config[Kinds] is JsonArray kinds && kinds.Count == numbers.Length) config[Kinds] = new JsonArray([.. kinds.Where((_, layer) => numbers[layer] is not null).Select(kind => kind?.DeepClone())]);
        if (spec.Family.Keys.FirstWindowLayer is not { } key) return;
        var first = config[key] is JsonValue value && value.TryGetValue<int>(out var given) ? given : spec.Family.Keys.FirstWindowLayerDefault;
        if (first <= numbers.Length) config[key] = numbers.Take(first).Count(number => number is not null);
    }
}
