using System.Collections.Immutable;
using Eckart.Formats;

namespace Eckart.Models;

/// <summary>Finds every part of a model among the tensors of a file, and holds each to the shape that the spec implies.</summary>
internal sealed class TensorNames
{
    private readonly ITensorFile file;
    private readonly ModelSpec spec;
    private readonly GgufDialect? dialect;
    private readonly Dictionary<(Part Part, int Layer, bool Bias), string> found = [];

    /// <exception cref="InputException">A tensor is missing or of the wrong shape.</exception>
    public TensorNames(ITensorFile file, ModelSpec spec, GgufDialect? dialect)
    {
        (this.file, this.spec, this.dialect) = (file, spec, dialect);
        foreach (var part in Names.Keys.Order().Where(part => part < Part.AttentionNorm)) Find(part, 0);
        for (var layer = 0; layer < spec.Layers; layer++)
            foreach (var part in Names.Keys.Order().Where(part => part >= Part.AttentionNorm)) Find(part, layer);
        Unused = [.. file.Tensors.Keys.Except(found.Values).Where(IsNoBuffer).Order(StringComparer.Ordinal)];
        RefuseUnknownOfLayers();
    }

    /// <summary>Tensors that are neither parts nor buffers.</summary>
    public ImmutableArray<string> Unused { get; }

    /// <summary>Tensors that hold parts, each once.</summary>
    public IEnumerable<string> Used => found.Values.Distinct();

    private ImmutableDictionary<Part, string> Names => dialect?.Names ?? spec.Family.Names;

    /// <summary>A tensor's whole name, from the pattern of a family or of a dialect.</summary>
    public static string Full(string pattern, int layer, bool bias) =>
        pattern.Replace("{layer}", layer.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal) + (bias ? ".bias" : ".weight");

    /// <summary>The name in the file; the head of a tied model is its embedding.</summary>
    public string Of(Part part, int layer, bool bias) =>
        found[IsTied(part, bias) ? (Part.Embedding, 0, bias) : (part, part < Part.AttentionNorm ? 0 : layer, bias)];

    /// <summary>Refuses types that cannot be read, without reading.</summary>
    public void CheckReadable()
    {
        foreach (var name in found.Values) file.ReadRows(name, 0, []);
    }

    /// <summary>Where a part lies in its tensor.</summary>
    public TensorLayout LayoutOf(Part part, bool bias) => LayoutOf(spec, dialect, part, bias);

    /// <summary>Where a part lies in its tensor in files of a dialect, or of the family's own where that is null.</summary>
    public static TensorLayout LayoutOf(ModelSpec spec, GgufDialect? dialect, Part part, bool bias)
    {
        var (shape, names) = (spec.ShapeOf(part), dialect?.Names ?? spec.Family.Names);
        Part[] together = [.. names.Where(one => one.Value == names[part == Part.Head && spec.TiedHead && !bias ? Part.Embedding : part]).Select(one => one.Key).Order()];
        return new TensorLayout([.. bias ? shape[..1] : shape], together.Sum(one => spec.ShapeOf(one)[0]))
        {
            Transposed = dialect is null && spec.Family.StoredTransposed.Contains(part),       // llama.cpp's converter leaves neither
            FirstRow = together.Where(one => one < part && together.Contains(part)).Sum(one => spec.ShapeOf(one)[0]),
            AlternatingHeads = together.Length > 1 && dialect is null && spec.Family.AlternatesHeads ? spec.Heads : 0,
            HeadsInPairs = dialect?.RowsInPairs.Contains(part) != true ? 0 : part == Part.Query ? spec.Heads : spec.KeyValueHeads,
        };
    }

    // A tied head may still have a bias of its own.
    private bool IsTied(Part part, bool bias) => part == Part.Head && spec.TiedHead && !bias;

    // llama.cpp adds any bias or norm that a layer has; metadata does not say which there are.
    private void RefuseUnknownOfLayers()
    {
        if (dialect is not null && Unused.FirstOrDefault(name => name.StartsWith("blk.", StringComparison.Ordinal) || name.EndsWith(".bias", StringComparison.Ordinal)) is { } other)
            throw new InputException($"{file.Path}: tensor {Excerpt.Of(other)}", $"expected no such part in {spec.Layers} layers of {spec.Family.Title}, found one", Remedy);
    }

    // A GGUF file brings its own configuration.
    private string Remedy => dialect is null ? "take the config.json that belongs to the weights, or the whole checkpoint" : "download the file again, or take the model's Hugging Face folder";

    private void Find(Part part, int layer)
    {
        if (!IsTied(part, bias: false)) Find(part, layer, bias: false);
        if (spec.Biases.Contains(part)) Find(part, layer, bias: true);
    }

    private void Find(Part part, int layer, bool bias)
    {
        var full = Full(Names[part], layer, bias);
        var bare = full.StartsWith(spec.Family.BasePrefix, StringComparison.Ordinal) ? full[spec.Family.BasePrefix.Length..] : full;
        var name = file.Tensors.ContainsKey(full) || !file.Tensors.ContainsKey(bare) ? full : bare;
        if (!file.Tensors.TryGetValue(name, out var entry))
            throw new InputException($"{file.Path}: tensor '{full}'", $"expected one for {spec.Layers} layers of {spec.Family.Title}, found none", Remedy);

        var expected = LayoutOf(part, bias).StoredShape;
        if (!entry.Shape.SequenceEqual(expected))
            throw new InputException($"{file.Path}: tensor '{name}'", $"expected ({string.Join(", ", expected)}) by the configuration, found {entry.ShapeText}", Remedy);
        found[(part, layer, bias)] = name;
    }

    private bool IsNoBuffer(string name) => !spec.Family.Buffers.Any(end => name.EndsWith(end, StringComparison.Ordinal));
}
