using System.Collections.Immutable;
using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>The order of all parameters of a model in one flat memory. Matrices that multiply the same input lie one behind the other, so that one product serves them.</summary>
internal sealed class ParameterLayout
{
    // Parts of a layer in their order; those within a row are one matrix to the products.
    private static readonly Part[][] Stacks =
    [
        [Part.AttentionNorm], [Part.Query, Part.Key, Part.Value], [Part.Output], [Part.MlpNorm], [Part.Gate, Part.Up], [Part.Down],
    ];

    private readonly ModelSpec spec;
    private readonly Dictionary<(Part Part, int Layer, bool Bias), ParameterSlot> slots = [];
    private readonly ImmutableArray<ParameterSlot>.Builder order = ImmutableArray.CreateBuilder<ParameterSlot>();

    /// <exception cref="ArgumentException">The spec's biases are on some matrices of a stack but not on all.</exception>
    public ParameterLayout(ModelSpec spec)
    {
        this.spec = spec;
        Add([Part.Embedding], 0);
        for (var layer = 0; layer < spec.Layers; layer++)
            foreach (var stack in Stacks) Add([.. stack.Where(spec.Family.Names.ContainsKey)], layer);
        Add([Part.FinalNorm], 0);
        if (!spec.TiedHead) Add([Part.Head], 0);
        Slots = order.ToImmutable();
    }

    /// <summary>All, in the order of their offsets.</summary>
    public ImmutableArray<ParameterSlot> Slots { get; }

    /// <summary>Numbers in all.</summary>
    public long Count => order.Count == 0 ? 0 : order[^1].Offset + order[^1].Count;

    /// <summary>Where the matrices that share a part's input lie, and their shape as one matrix (or bias); null where the family has none.</summary>
    /// <param name="first">The first part of its stack.</param>
    /// <param name="layer">Zero-based layer.</param>
    /// <param name="bias">Whether the biases are wanted.</param>
    public (long Offset, long[] Shape)? Stack(Part first, int layer, bool bias)
    {
        var parts = (Stacks.FirstOrDefault(stack => stack.Contains(first)) ?? [first]).Where(part => slots.ContainsKey((part, layer, bias))).ToArray();
        if (parts.Length == 0) return null;
        var shape = slots[(parts[0], layer, bias)].Shape.ToArray();
        shape[0] = parts.Sum(part => slots[(part, layer, bias)].Shape[0]);
        return (slots[(parts[0], layer, bias)].Offset, shape);
    }

    /// <summary>All stacks in a flat memory of this layout, each by its first part; a vector is one row.</summary>
    /// <param name="memory">Flat; still the caller's, and must outlive the result.</param>
    public Dictionary<(Part Part, int Layer, bool Bias), Matrix> MatricesIn(Tensor memory)
    {
        var matrices = new Dictionary<(Part Part, int Layer, bool Bias), Matrix>();
        foreach (var slot in Slots)
            if (Stack(slot.Part, slot.Layer, slot.Bias) is var (offset, shape) && offset == slot.Offset)
                matrices.Add((slot.Part, slot.Layer, slot.Bias), new Matrix(memory, offset, shape.Length == 1 ? 1 : shape[0], shape[^1]));
        return matrices;
    }

    private void Add(Part[] stack, int layer)
    {
        foreach (var part in stack) Add(part, layer, bias: false, spec.ShapeOf(part));
        Part[] biased = [.. stack.Where(spec.Biases.Contains)];
        if (biased.Length > 0 && biased.Length < stack.Length) throw new ArgumentException($"Expected biases on all of {string.Join(", ", stack)} or on none.");
        foreach (var part in biased) Add(part, layer, bias: true, spec.ShapeOf(part)[..1]);
    }

    private void Add(Part part, int layer, bool bias, ImmutableArray<long> shape)
    {
        var slot = new ParameterSlot(part, layer, bias, shape, Count);
        order.Add(slot);
        slots.Add((part, layer, bias), slot);
    }
}
