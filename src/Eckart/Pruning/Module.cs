using System.Collections.Immutable;
using Eckart.Models;

namespace Eckart.Pruning;

/// <summary>What an edit names: one of the paper's groups of matrices, or a single projection.</summary>
/// <param name="Name">Lower case, as in the notation of interventions.</param>
/// <param name="Projections">The matrices, in the order of <see cref="Projection"/>; those that a family lacks (the gate of a plain MLP) are left out of a group.</param>
public sealed record Module(string Name, ImmutableArray<Projection> Projections)
{
    /// <summary>Query, key, value, output.</summary>
    public static Module Attention { get; } = new("attention", [Projection.Query, Projection.Key, Projection.Value, Projection.Output]);

    /// <summary>Gate, up, down, or up, down.</summary>
    public static Module Mlp { get; } = new("mlp", [Projection.Gate, Projection.Up, Projection.Down]);

    /// <summary>Both modules.</summary>
    public static Module Whole { get; } = new("all", [.. Attention.Projections, .. Mlp.Projections]);

    /// <summary>Every module and projection that the notation knows.</summary>
    public static ImmutableArray<Module> Known { get; } =
        [Mlp, Attention, Whole, .. Enum.GetValues<Projection>().Select(projection => new Module(projection.ToString().ToLowerInvariant(), [projection]))];

    /// <summary>By name, any case; null where there is none.</summary>
    public static Module? Find(string name) => Known.FirstOrDefault(module => module.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The matrices of this module that a model has.</summary>
    public ImmutableArray<Projection> In(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        foreach (var projection in Projections)
            if (!spec.Projections.Contains(projection)) return [.. Projections.Where(spec.Projections.Contains)];
        return Projections;
    }

    /// <summary>Refuses a model that has none of them.</summary>
    /// <exception cref="Formats.InputException">It has none.</exception>
    public void CheckAgainst(ModelSpec spec)
    {
        if (In(spec).IsEmpty)
            throw new Formats.InputException($"module '{Name}'", $"expected matrices of {spec.Family.Title} ({string.Join(", ", spec.Projections).ToLowerInvariant()}), found none of them", "name a matrix that the model has");
    }

    /// <summary>Records compare lists by reference; the name says it all.</summary>
    public bool Equals(Module? other) => other?.Name == Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
