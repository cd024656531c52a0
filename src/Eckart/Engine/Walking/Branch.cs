using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Eckart.Engine.Arithmetic;
using Eckart.Engine.Packing;

namespace Eckart.Engine.Walking;

/// <summary>The part of a pass that an intervention changes. The trunk is the branch that nothing changes; branches leave it, or one another, at the layer where they first differ.</summary>
/// <param name="edits">All that is done along it, from the first layer on.</param>
/// <param name="birth">The edit at which it leaves its parent; null for the trunk.</param>
/// <param name="sets">Whose prompts it reads.</param>
/// <param name="scored">Places of the walk's orders that it answers; none for a branch that exists for its children.</param>
/// <param name="children">Branches that leave it.</param>
internal sealed class Branch(ImmutableArray<LayerEdit> edits, LayerEdit? birth, ImmutableArray<PromptSet> sets, ImmutableArray<int> scored, ImmutableArray<Branch> children) : IDisposable
{
    private readonly Dictionary<Chunk, StrongBox<Rows?>> hidden = sets
        .SelectMany(set => set.Prefix.Blocks.Concat(set.Chunks)).Distinct().ToDictionary(chunk => chunk, _ => new StrongBox<Rows?>());
    private readonly Dictionary<SharedPrefix, PrefixKeys> keys = [];

    /// <summary>The edit at which it leaves its parent; null for the trunk.</summary>
    public LayerEdit? Birth => birth;

    /// <summary>Whose prompts it reads.</summary>
    public ImmutableArray<PromptSet> Sets => sets;

    /// <summary>Places of the walk's orders that it answers.</summary>
    public ImmutableArray<int> Scored => scored;

    /// <summary>Branches that leave it.</summary>
    public ImmutableArray<Branch> Children => children;

    /// <summary>What it reads: blocks of prefixes and chunks of queries.</summary>
    public IReadOnlyCollection<Chunk> Chunks => hidden.Keys;

    /// <summary>Edits in order.</summary>
    public ImmutableArray<LayerEdit> Edits => edits;

    /// <summary>Last layer whose output it needs; −1 for none.</summary>
    /// <param name="layers">Of the model.</param>
    public int LastLayer(int layers) => scored.IsEmpty ? children.Select(child => child.Birth!.Layer - 1).DefaultIfEmpty(-1).Max() : layers - 1;

    /// <summary>What it does to a layer; null for nothing.</summary>
    public LayerEdit? At(int layer) => edits.FirstOrDefault(edit => edit.Layer == layer);

    /// <summary>Whether it reads a chunk.</summary>
    public bool Reads(Chunk chunk) => hidden.ContainsKey(chunk);

    /// <summary>The hidden states of a chunk, (rows, C), float32: all rows, and the scored ones behind the last layer. What they replace is let go of.</summary>
    public Rows this[Chunk chunk]
    {
        get => hidden[chunk].Value ?? throw new InvalidOperationException("The branch is not alive.");
        set
        {
            hidden[chunk].Value?.Dispose();
            hidden[chunk].Value = value;
        }
    }

    /// <summary>Its keys and values of a prefix in the layer at hand.</summary>
    public PrefixKeys KeysOf(SharedPrefix prefix) => keys[prefix];

    /// <summary>Makes room for its keys and values of all prefixes.</summary>
    public void HoldKeys(ILayerArithmetic arithmetic, BufferPool pool)
    {
        foreach (var prefix in sets.Select(set => set.Prefix).Where(prefix => prefix.Length > 0 && !keys.ContainsKey(prefix)).Distinct())
            keys[prefix] = arithmetic.NewKeys(pool, prefix.Length);
    }

    /// <summary>Lets go of all that it holds.</summary>
    public void Dispose()
    {
        foreach (var states in hidden.Values)
        {
            states.Value?.Dispose();
            states.Value = null;
        }

        foreach (var kept in keys.Values) kept.Dispose();
        keys.Clear();
    }
}
