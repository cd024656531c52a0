using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Theory.Tracing;

/// <summary>A prompt without its demonstrations on its way through the layers: each layer patched alone, and beside it a model whose layers are all patched.</summary>
/// <param name="model">With the weights in use; still the caller's.</param>
/// <param name="with">Each layer's step behind the demonstrations; still the caller's.</param>
/// <param name="prompt">With demonstrations.</param>
internal sealed class PatchWalk(CausalLm model, LayerStates[] with, TracedPrompt prompt) : IDisposable
{
    private readonly ImmutableArray<LayerPatch>.Builder layers = ImmutableArray.CreateBuilder<LayerPatch>();
    private Tensor? patched;        // (T, C): the input of the next layer, where all below it are patched

    /// <summary>What was found, once every layer was added.</summary>
    public ImmutableArray<LayerPatch> Finished() => layers.ToImmutable();

    /// <summary>Patches the next layer.</summary>
    /// <param name="number">From 0, in order.</param>
    /// <param name="pass">Its own without demonstrations in the unpatched model; still the caller's.</param>
    public void Add(int number, LayerPass pass)
    {
        using var scope = NewDisposeScope();
        var x = pass.Input;
        var (layer, angles, target) = (model.Layers[number], model.Rotary.Angles(x.shape[0], model.Compute), with[number].Output);
        var without = LayerStates.Of(pass);
        var alone = PatchOf(number, without);
        var found = LayerStates.LastRow(alone.Forward(x, angles));
        var next = PatchOf(number, LayerStates.Of(layer, patched ?? x, angles)).Forward(patched ?? x, angles);
        patched?.Dispose();
        patched = next.DetachFromDisposeScope();

        var (change, weights) = alone.Norms();
        layers.Add(new LayerPatch(
            number,
            change,
            change / weights,
            layer.Dropped ? double.NaN : alone.InputChange,
            Math.Sqrt(alone.Shift.Sum(value => value * value)),
            Alignment.Of(without.Output, target).Error,
            Alignment.Of(found, target).Error,
            found.Zip(target, (one, other) => Math.Abs(one - other)).Max(),
            Alignment.Of(LayerStates.LastRow(patched), target).Error));
    }

    /// <inheritdoc/>
    public void Dispose() => patched?.Dispose();

    private RankOnePatch PatchOf(int number, LayerStates without) =>
        model.Layers[number].Dropped || without.Inner.Any(value => value != 0) ? new RankOnePatch(model.Layers[number], with[number], without)
            : throw new InputException(prompt.Where, $"expected the MLP of layer {number} to read a vector without the demonstrations, found zeros, which no matrix turns into anything else", "take another item, or undamaged weights");
}
