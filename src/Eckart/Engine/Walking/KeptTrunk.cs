using Eckart.Engine.Arithmetic;
using Eckart.Engine.Packing;

namespace Eckart.Engine.Walking;

/// <summary>Hidden states of the trunk at places where later interventions will leave it.</summary>
internal sealed class KeptTrunk : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<(TrunkPosition Position, Chunk Chunk), Rows> states = [];

    /// <summary>Bytes held.</summary>
    public long Bytes => states.Values.Sum(rows => rows.Matrix.numel() * sizeof(float));

    /// <summary>Keeps a copy; thread-safe.</summary>
    public void Keep(TrunkPosition position, Chunk chunk, Rows copy)
    {
        lock (gate)
        {
            if (states.Remove((position, chunk), out var old)) old.Dispose();
            states[(position, chunk)] = copy;
        }
    }

    /// <summary>Whether all chunks are kept at a place.</summary>
    public bool Has(TrunkPosition position, IEnumerable<Chunk> chunks) => chunks.All(chunk => states.ContainsKey((position, chunk)));

    /// <summary>A copy of what was kept; the caller's.</summary>
    public Rows Take(TrunkPosition position, Chunk chunk) => states[(position, chunk)].Copy();

    /// <summary>Lets go of all but some.</summary>
    public void Forget(Func<TrunkPosition, Chunk, bool> except)
    {
        foreach (var key in states.Keys.Where(key => !except(key.Position, key.Chunk)).ToArray())
        {
            states[key].Dispose();
            states.Remove(key);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Forget((_, _) => false);
}
