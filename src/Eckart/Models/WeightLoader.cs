using TorchSharp;

namespace Eckart.Models;

/// <summary>Reads parts of a checkpoint into tensors of the device and dtype asked for.</summary>
internal sealed class WeightLoader(Checkpoint checkpoint, ComputeOptions compute)
{
    private readonly ModelSpec spec = checkpoint.Spec;

    /// <summary>A matrix and its bias, where it has one.</summary>
    public Linear Linear(Part part, int layer) => new(Read(part, layer, bias: false, compute.DType), Bias(part, layer));

    /// <summary>A part's bias, or null where it has none.</summary>
    public torch.Tensor? Bias(Part part, int layer) => spec.Biases.Contains(part) ? Read(part, layer, bias: true, compute.DType) : null;

    /// <summary>A norm; its weights stay float32.</summary>
    public Norm Norm(Part part, int layer) =>
        new(spec.Family.Norm, Read(part, layer, bias: false, torch.float32), spec.Biases.Contains(part) ? Read(part, layer, bias: true, torch.float32) : null, spec.NormEpsilon);

    /// <summary>A whole layer.</summary>
    /// <param name="layer">Its number.</param>
    /// <param name="rotary">Of the model; still the caller's.</param>
    /// <param name="slot">Whose memory its matrices lie in; null for memory of its own.</param>
    public DecoderLayer Layer(int layer, Rotary rotary, LayerSlot? slot = null) => new(
        spec,
        rotary,
        spec.Projections.ToDictionary(projection => projection, projection => slot is null ? Linear((Part)projection, layer)
            : new Linear(slot.Read((Part)projection, checkpoint.Stored((Part)projection, layer, bias: false), compute), Bias((Part)projection, layer))),
        Norm(Part.AttentionNorm, layer),
        spec.HasMlpNorm ? Norm(Part.MlpNorm, layer) : null,
        new HeadRules(HeadNorm(Part.QueryNorm, layer), HeadNorm(Part.KeyNorm, layer), spec.Window?.Of(layer) ?? 0));

    private Norm? HeadNorm(Part part, int layer) => spec.Family.Names.ContainsKey(part) ? Norm(part, layer) : null;

    /// <summary>The learned embedding of positions, or null where the family has none.</summary>
    public torch.Tensor? Positions() => spec.Family.Names.ContainsKey(Part.Positions) ? Read(Part.Positions, 0, bias: false, compute.DType) : null;

    private torch.Tensor Read(Part part, int layer, bool bias, torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        return checkpoint.Stored(part, layer, bias).Read(compute.Workers).to(type, compute.Device).DetachFromDisposeScope();
    }
}
