using System.Collections.Immutable;
using System.Globalization;
using Eckart.Formats;
using Eckart.Models;

namespace Eckart.Pruning;

/// <summary>What is done to which weights. A value with one notation (<c>mlp@26:0.95+drop@3</c>) in which it is typed, printed and stored.</summary>
public sealed class Intervention : IEquatable<Intervention>
{
    private const string Notation = "write none, or MODULE@LAYER:RATE such as mlp@26:0.95, or drop@LAYER, joined by +";

    /// <summary>Wraps edits as they are; <see cref="Resolve"/> brings them into the canonical form.</summary>
    public Intervention(params ImmutableArray<Edit> edits) => Edits = edits;

    /// <summary>The model as it is: no byte changed, no SVD run.</summary>
    public static Intervention None { get; } = new();

    /// <summary>The edits; empty for the unedited model.</summary>
    public ImmutableArray<Edit> Edits { get; }

    /// <summary>Whether this is the model as it is.</summary>
    public bool IsNone => Edits.IsEmpty;

    /// <summary>Reads the notation, any case; layers are checked when it is resolved.</summary>
    /// <param name="text">E.g. <c>mlp@26:0.95+drop@3</c>, or <c>none</c>.</param>
    /// <exception cref="InputException">Not the notation; the message says which part.</exception>
    public static Intervention Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Trim().Equals("none", StringComparison.OrdinalIgnoreCase) ? None
            : new Intervention([.. text.Split('+').Select(part => ParseEdit(part.Trim(), text))]);
    }

    /// <summary>The canonical form for a model: layers counted from 0 and in order, edits that remove nothing left out.</summary>
    /// <param name="spec">Of the model.</param>
    /// <exception cref="InputException">A layer or matrix that the model lacks, or the same matrix twice.</exception>
    public Intervention Resolve(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (Edits is [var only]) return ResolveOnly(only, spec);
        var resolved = Edits.Select(edit => edit with { Layer = LayerOf(edit, spec) }).ToArray();
        var taken = new Dictionary<WeightSite, Edit>();
        foreach (var edit in resolved)
            foreach (var site in SitesOf(edit, spec))
                if (!taken.TryAdd(site, edit))
                    throw new InputException($"intervention {this}", $"expected each matrix once, found {site} in {taken[site]} and in {edit}", "leave one of the two out");
        return new Intervention([.. resolved
            .Where(edit => edit is not Truncation { Rate.IsZero: true })
            .OrderBy(edit => edit.Layer)
            .ThenBy(edit => edit is Truncation truncation ? truncation.Module.Projections[0] : default)]);
    }

    /// <summary>The matrices that are truncated, each with its rate; of a resolved intervention.</summary>
    public IEnumerable<(WeightSite Site, ClippingRate Rate)> Truncations(ModelSpec spec) =>
        from edit in Edits.OfType<Truncation>()
        from projection in edit.Module.In(spec)
        select (new WeightSite(edit.Layer, projection), edit.Rate);

    /// <summary>Singular values kept by each truncated matrix; of a resolved intervention.</summary>
    public IReadOnlyDictionary<WeightSite, int> Ranks(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Truncations(spec).ToDictionary(one => one.Site, one => spec.ShapeOf((Part)one.Site.Projection) is [var rows, var columns] ? one.Rate.KeptRank(rows, columns) : 0);
    }

    /// <inheritdoc/>
    public bool Equals(Intervention? other) => other is not null && Edits.SequenceEqual(other.Edits);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Intervention);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var edit in Edits) hash.Add(edit);
        return hash.ToHashCode();
    }

    /// <summary>The notation.</summary>
    public override string ToString() => IsNone ? "none" : string.Join('+', Edits);

    // A sweep has a million of these.
    private Intervention ResolveOnly(Edit edit, ModelSpec spec)
    {
        var layer = LayerOf(edit, spec);
        _ = SitesOf(edit, spec);
        if (edit is Truncation { Rate.IsZero: true }) return None;
        return layer == edit.Layer ? this : new Intervention(edit with { Layer = layer });
    }

    private static Edit ParseEdit(string part, string whole)
    {
        var at = part.IndexOf('@', StringComparison.Ordinal);
        if (at < 0) throw Malformed(whole, $"expected MODULE@LAYER, found '{part}'");
        var (name, place) = (part[..at], part[(at + 1)..]);
        var colon = place.IndexOf(':', StringComparison.Ordinal);
        var layerText = colon < 0 ? place : place[..colon];
        if (!int.TryParse(layerText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var layer))
            throw Malformed(whole, $"expected a layer, found '{layerText}'");

        if (name.Equals("drop", StringComparison.OrdinalIgnoreCase))
            return colon < 0 ? new LayerDrop(layer) : throw Malformed(whole, $"expected drop@LAYER without a rate, found '{part}'");
        var module = Module.Find(name) ?? throw Malformed(whole, $"expected one of {string.Join(", ", Module.Known)} or drop, found '{name}'");
        var rateText = colon < 0 ? "" : place[(colon + 1)..];
        return ClippingRate.TryParse(rateText, out var rate) ? new Truncation(module, layer, rate)
            : throw Malformed(whole, $"expected a clipping rate from 0 up to, not including, 1, found '{rateText}'");
    }

    private static InputException Malformed(string whole, string found) => new($"intervention '{whole}'", found, Notation);

    private int LayerOf(Edit edit, ModelSpec spec)
    {
        var layer = edit.Layer < 0 ? edit.Layer + spec.Layers : edit.Layer;
        return layer >= 0 && layer < spec.Layers ? layer
            : throw new InputException($"intervention {this}", $"expected a layer from 0 to {spec.Layers - 1}, or from -{spec.Layers} to -1, found {edit.Layer}", "name a layer that the model has");
    }

    private IEnumerable<WeightSite> SitesOf(Edit edit, ModelSpec spec)
    {
        var projections = edit is Truncation truncation ? truncation.Module.In(spec) : spec.Projections;
        return !projections.IsEmpty ? projections.Select(projection => new WeightSite(edit.Layer, projection))
            : throw new InputException($"intervention {this}", $"expected one of {string.Join(", ", spec.Projections)}, found a matrix that {spec.Family.Title} lacks", "name a matrix that the model has");
    }
}
