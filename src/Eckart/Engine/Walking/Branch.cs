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
    // Of a million branches few are alive at once: places for what a branch holds are made when it first holds something.
    private Dictionary<Chunk, StrongBox<Rows?>>? hidden;
    private Dictionary<SharedPrefix, PrefixKeys>? keys;

    /// <summary>The edit at which it leaves its parent; null for the trunk.</summary>
    public LayerEdit? Birth => birth;

    /// <summary>Whose prompts it reads.</summary>
    public ImmutableArray<PromptSet> Sets => sets;

    /// <summary>Places of the walk's orders that it answers.</summary>
    public ImmutableArray<int> Scored => scored;

    /// <summary>Branches that leave it.</summary>
    public ImmutableArray<Branch> Children => children;

    /// <summary>What it reads: blocks of prefixes and chunks of queries.</summary>
    public IEnumerable<Chunk> Chunks => sets.SelectMany(set => set.Read).Distinct();

    /// <summary>Edits in order.</summary>
    public ImmutableArray<LayerEdit> Edits => edits;

    /// <summary>Last layer whose output it needs; −1 for none.</summary>
    /// <param name="layers">Of the model.</param>
    public int LastLayer(int layers) => scored.IsEmpty ? children.Select(child => child.Birth!.Layer - 1).DefaultIfEmpty(-1).Max() : layers - 1;

    /// <summary>What it does to a layer; null for nothing.</summary>
    public LayerEdit? At(int layer) => edits.FirstOrDefault(edit => edit.Layer == layer);

    /// <summary>Whether it reads a chunk.</summary>
    public bool Reads(Chunk chunk)
    {
        foreach (var set in sets)
            if (set.Reads(chunk)) return true;
        return false;
    }

    /// <summary>The hidden states of a chunk, (rows, C), float32: all rows, and the scored ones behind the last layer. What they replace is let go of.</summary>
    public Rows this[Chunk chunk]
    {
        get => hidden?[chunk].Value ?? throw new InvalidOperationException("The branch is not alive.");
        set
        {
            var place = LazyInitializer.EnsureInitialized(ref hidden, () => Chunks.ToDictionary(one => one, _ => new StrongBox<Rows?>()))[chunk];
            place.Value?.Dispose();
            place.Value = value;
        }
    }

    /// <summary>Its keys and values of a prefix in the layer at hand.</summary>
    public PrefixKeys KeysOf(SharedPrefix prefix) => keys![prefix];

    /// <summary>Makes room for its keys and values of all prefixes.</summary>
    public void HoldKeys(ILayerArithmetic arithmetic, BufferPool pool)
    {
        keys ??= [];
        foreach (var prefix in sets.Select(set => set.Prefix).Where(prefix => prefix.Length > 0 && !keys.ContainsKey(prefix)).Distinct())
            keys[prefix] = arithmetic.NewKeys(pool, prefix.Length);
    }

    /// <summary>Lets go of all that it holds.</summary>
    public void Dispose()
    {
        foreach (var states in hidden?.Values.ToArray() ?? []) states.Value?.Dispose();
        foreach (var kept in keys?.Values.ToArray() ?? []) kept.Dispose();
        (hidden, keys) = (null, null);
    }
}
