using Eckart.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Eckart.Engine.Walking;

/// <summary>Weights read from a checkpoint as a walk goes: one layer in use and the next one being read ahead, whatever the size of the model.</summary>
internal sealed class StreamedWeights : ILayerWeights
{
    private readonly Checkpoint checkpoint;
    private readonly WeightLoader loader;
    private readonly Rotary rotary;
    private readonly LayerSlot[] slots = [new(), new()];       // the layer in use and the one being read
    private (int Index, DecoderLayer Layer)? current;
    private (int Index, Task<DecoderLayer> Layer)? ahead;

    /// <param name="checkpoint">Open while this lives; still the caller's.</param>
    /// <param name="compute">Device and dtype.</param>
    public StreamedWeights(Checkpoint checkpoint, ComputeOptions compute)
    {
        checkpoint.CheckReadable();
        (this.checkpoint, Compute) = (checkpoint, compute);
        loader = new WeightLoader(checkpoint, compute with { Workers = 1 });        // the other cores are at work on the layer before
        rotary = new Rotary(Spec.Rotary);
        FinalNorm = loader.Norm(Part.FinalNorm, 0);
    }

    /// <inheritdoc/>
    public ModelSpec Spec => checkpoint.Spec;

    /// <inheritdoc/>
    public ComputeOptions Compute { get; }

    /// <inheritdoc/>
    public bool Resident => false;

    /// <inheritdoc/>
    public long Bytes => 2 * LayerBytes;

    /// <inheritdoc/>
    public Norm FinalNorm { get; }

    // While a matrix is read, it is there in float32 too.
    private long LayerBytes => Spec.Projections.Sum(projection => Elements((Part)projection)) * Compute.DType.ElementSize()
        + (Compute.DType == float32 ? 0 : Spec.Projections.Max(projection => Elements((Part)projection)) * sizeof(float));

    /// <inheritdoc/>
    public DecoderLayer Layer(int index)
    {
        if (current?.Index == index) return current.Value.Layer;
        current?.Layer.Dispose();
        current = null;
        var layer = ahead?.Index == index ? ahead.Value.Layer.GetAwaiter().GetResult() : Drop() ?? Read(index);
        ahead = index + 1 < Spec.Layers ? (index + 1, Task.Run(() => Read(index + 1))) : null;
        current = (index, layer);
        return layer;
    }

    /// <inheritdoc/>
    public void Embed(int[] ids, int[] positions, Tensor states)
    {
        var tokens = checkpoint.Stored(Part.Embedding, 0, bias: false);
        StoredTensor? learned = Spec.Family.Names.ContainsKey(Part.Positions) ? checkpoint.Stored(Part.Positions, 0, bias: false) : null;
        for (var i = 0; i < ids.Length; i++)
        {
            using var scope = NewDisposeScope();
            var row = states.narrow(0, i, 1).copy_(tokens.ReadRows(ids[i], 1).to(Compute.DType));
            if (learned is { } stored) row.Plus(stored.ReadRows(positions[i], 1).to(Compute.DType));
        }
    }

    /// <inheritdoc/>
    public Tensor Head(int first, int rows)
    {
        using var scope = NewDisposeScope();
        return checkpoint.Stored(Spec.TiedHead ? Part.Embedding : Part.Head, 0, bias: false).ReadRows(first, rows).to(Compute.DType, Compute.Device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor? HeadBias(int first, int rows)
    {
        using var bias = loader.Bias(Part.Head, 0);
        return bias?.narrow(0, first, rows).to(float32);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Drop();
        current?.Layer.Dispose();
        current = null;
        foreach (var slot in slots) slot.Dispose();
        FinalNorm.Dispose();
        rotary.Dispose();
    }

    // A layer that was read ahead and is not wanted.
    private DecoderLayer? Drop()
    {
        if (ahead is { } unwanted)
        {
            try
            {
                unwanted.Layer.GetAwaiter().GetResult().Dispose();
            }
            catch (Formats.InputException)
            {
                // A damaged layer is reported when a walk comes to it.
            }
        }

        ahead = null;
        return null;
    }

    private DecoderLayer Read(int index)
    {
        OneThreadProducts.OnThisThread();       // a reader that put back another number would change it for the workers at their products
        using var gradients = no_grad();
        return loader.Layer(index, rotary, slots[index % slots.Length]);
    }

    private long Elements(Part part) => Spec.ShapeOf(part).Aggregate(1L, (product, size) => product * size);
}
