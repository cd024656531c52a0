using System.Text.Json.Nodes;
using Eckart.Models;

namespace Eckart.Tests.Support;

/// <summary>A checkpoint of any family of the table with seeded random weights, in all sizes that are odd enough to meet a kernel's edges.</summary>
internal static class RandomModel
{
    /// <summary>Writes the folder; without a tokenizer.</summary>
    /// <param name="folder">Of the test.</param>
    /// <param name="family">Of the table.</param>
    /// <param name="random">Chooses sizes and weights.</param>
    /// <returns>The model's path.</returns>
    public static string Write(TemporaryFolder folder, Family family, Random random)
    {
        var keys = family.Keys;
        var (groups, group) = (random.Next(1, 4), keys.KeyValueHeads is null ? 1 : random.Next(1, 4));
        var headSize = 2 * random.Next(1, 14);
        var config = new JsonObject
        {
            ["model_type"] = family.ModelType,
            [keys.Layers] = random.Next(1, 5),
            [keys.Hidden] = groups * group * headSize,
            [keys.Heads] = groups * group,
            [keys.MlpSize] = random.Next(1, 60),
            [keys.MaxPositions] = 200,
            [keys.NormEpsilon] = 1e-5,
            [keys.Activation] = family.Gated ? "silu" : "gelu_new",
            ["vocab_size"] = random.Next(20, 2500),
            ["tie_word_embeddings"] = !family.Biases.Contains(Part.Head) && random.Next(2) == 0,
        };
        if (keys.KeyValueHeads is { } keyValueHeads) config[keyValueHeads] = groups;
        if (keys.RotarySize is { } rotarySize) config[rotarySize] = 2 * random.Next(1, (headSize / 2) + 1);
        if (keys.AttentionBias is { } attention) config[attention] = random.Next(2) == 0;
        if (keys.MlpBias is { } mlp) config[mlp] = random.Next(2) == 0;
        return Write(folder, family, config, random);
    }

    /// <summary>Writes a folder of a configuration.</summary>
    public static string Write(TemporaryFolder folder, Family family, JsonObject config, Random random)
    {
        var path = Path.Combine(folder.Path, $"{family.ModelType}-{random.Next()}");
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "config.json"), config.ToJsonString());
        File.WriteAllBytes(Path.Combine(path, "model.safetensors"), SafetensorsBytes.Of([.. Tensors(family, config, random)]));
        return path;
    }

    private static IEnumerable<(string, string, long[], byte[])> Tensors(Family family, JsonObject config, Random random)
    {
        var keys = family.Keys;
        long Size(string? key, long otherwise) => key is not null && config.TryGetPropertyValue(key, out var value) ? value!.GetValue<int>() : otherwise;
        bool Flag(string? key) => key is not null && config.TryGetPropertyValue(key, out var value) && value!.GetValue<bool>();
        var (hidden, heads, layers, vocabulary) = (Size(keys.Hidden, 0), Size(keys.Heads, 0), Size(keys.Layers, 0), Size("vocab_size", 0));
        var headSize = Size(keys.HeadSize, hidden / heads);
        var (queries, groups, inner) = (heads * headSize, Size(keys.KeyValueHeads, heads) * headSize, Size(keys.MlpSize, 4 * hidden));
        foreach (var (part, name) in family.Names.OrderBy(one => one.Key))
        {
            if (part == Part.Head && Flag("tie_word_embeddings")) continue;
            long[] shape = part switch
            {
                Part.Embedding or Part.Head => [vocabulary, hidden],
                Part.FinalNorm or Part.AttentionNorm or Part.MlpNorm => [hidden],
                Part.Query => [queries, hidden],
                Part.Key or Part.Value => [groups, hidden],
                Part.Output => [hidden, queries],
                Part.Down => [hidden, inner],
                _ => [inner, hidden],
            };
            var biased = family.Biases.Contains(part)
                || (part is Part.Query or Part.Key or Part.Value or Part.Output && Flag(keys.AttentionBias))
                || (part is Part.Gate or Part.Up or Part.Down && Flag(keys.MlpBias));
            for (var layer = 0; layer < (part >= Part.AttentionNorm ? layers : 1); layer++)
            {
                var full = name.Replace("{layer}", $"{layer}", StringComparison.Ordinal);
                yield return Values($"{full}.weight", shape, shape.Length == 1 ? 1 : 0, random);
                if (biased) yield return Values($"{full}.bias", [shape[0]], 0, random);
            }
        }
    }

    private static (string, string, long[], byte[]) Values(string name, long[] shape, float mean, Random random)
    {
        var spread = shape.Length == 1 ? 0.3 : 2 / Math.Sqrt(shape[1]);
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++) values[i] = (float)(mean + (spread * (random.NextDouble() - 0.5)));
        return SafetensorsBytes.Floats(name, shape, values);
    }
}
