using System.Text.Json.Nodes;
using Eckart.Formats.HuggingFace;
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
        if (keys.HeadSizeDefault is not null) config[keys.HeadSize!] = headSize;
        if (keys.RotaryShare is { } share) config[share] = 2.0 * random.Next(1, (headSize / 2) + 1) / headSize;
        if (keys.ParallelResidual is { } parallel) config[parallel] = random.Next(2) == 0;
        if (keys.Window is { } window) config[window] = random.Next(3) == 0 ? null : random.Next(1, 70);
        if (keys.UsesWindow is { } uses) config[uses] = random.Next(3) > 0;
        if (keys.FirstWindowLayer is { } first) config[first] = random.Next(0, 3);
        if (keys.UsesWindow is { } flag && (bool)config[flag]! && config[keys.Window!] is not null && random.Next(2) == 0) config["layer_types"] = new JsonArray([.. Enumerable.Range(0, (int)config[keys.Layers]!).Select(_ => JsonValue.Create(random.Next(2) == 0 ? "full_attention" : "sliding_attention"))]);
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
        var spec = ModelSpecReader.Read(ConfigJson.FromJson(config, "config.json"));
        foreach (var together in family.Names.GroupBy(one => one.Value, one => one.Key).OrderBy(one => one.Min()))
        {
            Part[] parts = [.. together.Order()];
            var part = parts[0];
            if (part == Part.Head && spec.TiedHead) continue;
            long[] shape = [parts.Sum(one => spec.ShapeOf(one)[0]), .. spec.ShapeOf(part).Skip(1)];
            long[] stored = family.StoredTransposed.Contains(part) ? [.. shape.Reverse()] : shape;
            for (var layer = 0; layer < (part >= Part.AttentionNorm ? spec.Layers : 1); layer++)
            {
                var full = together.Key.Replace("{layer}", $"{layer}", StringComparison.Ordinal);
                yield return Values($"{full}.weight", stored, shape.Length == 1 ? 1 : 0, random);
                if (spec.Biases.Contains(part)) yield return Values($"{full}.bias", [shape[0]], 0, random);
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
