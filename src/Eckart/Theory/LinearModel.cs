using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Eckart.Formats;
using Eckart.Formats.Safetensors;

namespace Eckart.Theory;

/// <summary>A stack of linear attention layers, without MLP or normalisation, that predicts y of x from demonstrations [x; y]: of all models the one for which Theorem 1 is exact.</summary>
public sealed class LinearModel
{
    private const string FileName = "model.safetensors";
    private const string CountKey = "demonstrations";
    private static readonly string Embedded = Path.Combine(AppContext.BaseDirectory, "theory", "linear-attention");

    /// <summary>Checks and holds its layers.</summary>
    /// <param name="layers">At least one, (D, D) all.</param>
    /// <param name="demonstrations">N that it was trained with: no softmax evens out another number.</param>
    /// <exception cref="InputException">No layers, or of different sizes.</exception>
    public LinearModel(IReadOnlyList<AttentionWeights> layers, int demonstrations)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0 || layers.Any(layer => layer.Size != layers[0].Size || layer.Value.Rows != layer.Size || layer.Size < 2))
            throw new InputException("linear attention model", $"expected layers of one size D of at least 2, (D, D) each, found {layers.Count} of sizes {string.Join(", ", layers.Select(layer => layer.Size).Distinct())}", "give a model that regression train --attention linear wrote");
        (Layers, Demonstrations) = ([.. layers], demonstrations);
    }

    /// <summary>W_V, W_K and W_Q of each layer.</summary>
    public ImmutableArray<AttentionWeights> Layers { get; }

    /// <summary>N of its training.</summary>
    public int Demonstrations { get; }

    /// <summary>D: numbers of a token, one more than of an x.</summary>
    public int Size => Layers[0].Size;

    /// <summary>The one that comes with the library.</summary>
    /// <exception cref="InputException">A build without it.</exception>
    public static LinearModel Default => Load(Embedded);

    /// <summary>y as predicted after layers that amount to I + W_L: the last number of (I + W_L)·[x; 0].</summary>
    /// <param name="operation">I + W_L.</param>
    /// <param name="token">[x; y], whose y is not looked at.</param>
    public static double Predict(RealMatrix operation, ReadOnlySpan<double> token)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return RealMatrix.Dot(operation.Row(operation.Rows - 1)[..^1], token[..^1]);
    }

    /// <summary>The same with some matrices of a layer cut to a rank.</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="rank">r, at least one.</param>
    /// <param name="which">Those that are cut.</param>
    public LinearModel Truncated(int layer, int rank, params AttentionMatrix[] which) => new(Layers.SetItem(layer, Layers[layer].Truncated(rank, which)), Demonstrations);

    /// <summary>Reads a model.</summary>
    /// <param name="folder">Where <c>regression train --attention linear</c> wrote it.</param>
    /// <exception cref="InputException">None is there, or a damaged one, or one of another kind.</exception>
    public static LinearModel Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = Path.Combine(folder, FileName);
        using var file = SafetensorsFile.Open(path);
        if (!file.Header.Metadata.TryGetValue(CountKey, out var text) || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var demonstrations) || demonstrations < 2)
            throw Other(path, $"'{CountKey}' of at least 2 in its metadata, found {(text is null ? "none" : Excerpt.Of(text))}");
        var layers = new List<AttentionWeights>();
        while (file.Tensors.ContainsKey(Name(layers.Count, AttentionMatrix.Value)))
            layers.Add(new AttentionWeights(Read(file, layers.Count, AttentionMatrix.Value), Read(file, layers.Count, AttentionMatrix.Key), Read(file, layers.Count, AttentionMatrix.Query)));
        return layers.Count * 3 == file.Tensors.Count ? new LinearModel(layers, demonstrations) : throw Other(path, $"value, key and query of each layer and nothing else, found {file.Tensors.Count} tensors, {layers.Count} of them values");
    }

    /// <summary>Writes it, whole or not at all, as float64.</summary>
    /// <param name="folder">Exists.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Save(string folder) => SafetensorsWriter.Write(
        Path.Combine(folder, FileName),
        from layer in Enumerable.Range(0, Layers.Length)
        from one in new[] { (AttentionMatrix.Value, Layers[layer].Value), (AttentionMatrix.Key, Layers[layer].Key), (AttentionMatrix.Query, Layers[layer].Query) }
        select new SafetensorsContent(Name(layer, one.Item1), "F64", [Size, Size], stream => stream.Write(MemoryMarshal.AsBytes(one.Item2.Values))),
        new Dictionary<string, string> { [CountKey] = Demonstrations.ToString(CultureInfo.InvariantCulture) });

    private static RealMatrix Read(SafetensorsFile file, int layer, AttentionMatrix matrix)
    {
        var name = Name(layer, matrix);
        if (!file.Tensors.TryGetValue(name, out var tensor) || tensor.Type != "F64" || tensor.Shape is not [> 0 and <= 1024, > 0 and <= 1024])
            throw Other($"{file.Path}: tensor '{name}'", $"float64 of shape (D, D), found {(tensor is null ? "none" : $"{tensor.Type} {tensor.ShapeText}")}");
        return RealMatrix.Of((int)tensor.Shape[0], (int)tensor.Shape[1], MemoryMarshal.Cast<byte, double>(file.Bytes(name, 0, (int)tensor.ByteLength)));
    }

    private static string Name(int layer, AttentionMatrix matrix) => $"layers.{layer}.{matrix.ToString().ToLowerInvariant()}";

    private static InputException Other(string where, string expected) => new(where, $"expected {expected}", "give a folder that regression train --attention linear wrote");
}
