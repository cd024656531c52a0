using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>A causal language model with its weights in memory, one sequence at a time.</summary>
public sealed class CausalLm : IDisposable
{
    private readonly Linear embedding;
    private readonly Tensor? positions;
    private readonly Linear head;
    private readonly Norm finalNorm;
    private readonly Rotary rotary;
    private readonly DecoderLayer[] layers;

    private CausalLm(Checkpoint checkpoint, ComputeOptions compute)
    {
        Spec = checkpoint.Spec;
        Compute = compute;
        var weights = new WeightLoader(checkpoint, compute);
        rotary = new Rotary(Spec.Rotary);
        embedding = weights.Linear(Part.Embedding, 0);
        positions = weights.Positions();
        head = Spec.TiedHead ? new Linear(embedding.Weight.alias().DetachFromDisposeScope(), weights.Bias(Part.Head, 0)) : weights.Linear(Part.Head, 0);
        finalNorm = weights.Norm(Part.FinalNorm, 0);
        layers = [.. Enumerable.Range(0, Spec.Layers).Select(layer => weights.Layer(layer, rotary))];
    }

    /// <summary>What the model is made of.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Where and how products are taken.</summary>
    public ComputeOptions Compute { get; }

    /// <summary>The layers, which an intervention may edit for a while.</summary>
    internal IReadOnlyList<DecoderLayer> Layers => layers;

    /// <summary>What rotates queries and keys.</summary>
    internal Rotary Rotary => rotary;

    /// <summary>(V, C).</summary>
    internal Tensor Embedding => embedding.Weight;

    /// <summary>(positions, C), or null where positions are not learned.</summary>
    internal Tensor? Positions => positions;

    /// <summary>(V, C), and its bias where it has one.</summary>
    internal Linear Head => head;

    /// <summary>Behind the last layer.</summary>
    internal Norm FinalNorm => finalNorm;

    /// <summary>Reads all weights of a checkpoint.</summary>
    /// <param name="checkpoint">Open while this runs; still the caller's.</param>
    /// <param name="compute">Device and dtype.</param>
    public static CausalLm Load(Checkpoint checkpoint, ComputeOptions compute)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        checkpoint.CheckReadable();
        using var gradients = no_grad();
        return new CausalLm(checkpoint, compute);
    }

    /// <summary>Hidden states of one sequence after the final norm.</summary>
    /// <param name="ids">T token ids, each below the vocabulary.</param>
    /// <param name="visit">Called with each layer's number and pass once it has run; may be null. The tensors are not the callee's to keep. With it products are shared out to workers, in blocks: last digits may be other ones than without, and are the same for any number of workers.</param>
    /// <returns>(T, C), fresh, in the caller's dispose scope.</returns>
    public Tensor HiddenStates(ReadOnlySpan<int> ids, Action<int, LayerPass>? visit = null)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return Decode(embedding.Weight.index_select(0, tensor(Array.ConvertAll(ids.ToArray(), id => (long)id)).to(Compute.Device)), visit).MoveToOuterDisposeScope();
    }

    /// <summary>The same, from a layer on.</summary>
    /// <param name="x">(T, C): what that layer reads; still the caller's.</param>
    /// <param name="first">Its number.</param>
    /// <param name="visit">As of <see cref="HiddenStates"/>.</param>
    /// <returns>(T, C), fresh, in the caller's dispose scope.</returns>
    internal Tensor StatesFrom(Tensor x, int first, Action<int, LayerPass>? visit)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var angles = rotary.Angles((int)x.shape[0], Compute);
        var products = visit is null ? WeightProducts.Whole : WeightProducts.Shared(Compute);
        x = x.alias();
        for (var layer = first; layer < layers.Length; layer++)
        {
            using var inner = NewDisposeScope();
            var pass = layers[layer].Pass(x, angles, products);
            visit?.Invoke(layer, pass);
            x.Dispose();
            x = pass.Output.MoveToOuterDisposeScope();
        }

        return finalNorm.Forward(x).MoveToOuterDisposeScope();
    }

    /// <summary>Hidden states after the final norm, of one sequence whose positions hold mixtures of tokens.</summary>
    /// <param name="mixtures">(T, V): how much of each token's embedding a position holds.</param>
    /// <returns>(T, C), fresh, in the caller's dispose scope.</returns>
    public Tensor MixtureStates(Tensor mixtures)
    {
        ArgumentNullException.ThrowIfNull(mixtures);
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return Decode(mixtures.to(embedding.Weight.dtype, Compute.Device).mm(embedding.Weight), null).MoveToOuterDisposeScope();
    }

    /// <summary>Logits over the vocabulary.</summary>
    /// <param name="states">(rows, C), after the final norm.</param>
    /// <returns>(rows, V), fresh, in the caller's dispose scope.</returns>
    public Tensor Logits(Tensor states)
    {
        using var gradients = no_grad();
        return head.Forward(states);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in layers) layer.Dispose();
        head.Dispose();
        embedding.Dispose();
        positions?.Dispose();
        finalNorm.Dispose();
        rotary.Dispose();
    }

    private Tensor Decode(Tensor embedded, Action<int, LayerPass>? visit) =>
        StatesFrom(positions is null ? embedded : positions.narrow(0, 0, embedded.shape[0]).clone().Plus(embedded), 0, visit);
}
