using System.Text;
using System.Text.Json.Nodes;
using Eckart.Formats.HuggingFace;
using Eckart.Models;
using Eckart.Statistics;

namespace Eckart.Tests.Support;

/// <summary>A LLaMA as wide as a real one and a byte a token, with seeded random weights in bfloat16: written tensor by tensor, as it would not do to hold it twice.</summary>
internal static class WideModel
{
    /// <summary>Writes the folder: config.json, tokenizer.json, model.safetensors.</summary>
    /// <param name="folder">Of the test.</param>
    /// <param name="change">Of <see cref="TinyModel.LlamaConfig"/>: sizes.</param>
    /// <returns>The model's path, and how many weights it has.</returns>
    public static (string Path, long Weights) Write(TemporaryFolder folder, Action<JsonObject> change)
    {
        var config = TinyModel.LlamaConfig();
        change(config);
        folder.File("wide/config.json", config.ToJsonString());
        folder.File("wide/tokenizer.json", TinyModel.Tokenizer().ToJsonString());
        var spec = ModelSpecReader.Read(ConfigJson.FromJson(config, "config.json"));
        var tensors = Tensors(spec).ToArray();
        using var file = File.Create(Path.Combine(folder.Path, "wide", "model.safetensors"));
        var header = Encoding.UTF8.GetBytes(Header(tensors));
        file.Write(SafetensorsBytes.Prefix((ulong)header.Length));
        file.Write(header);
        var random = new SplitMix64(1);
        foreach (var (_, shape) in tensors) file.Write(Values(shape, spec.Hidden, random));
        return (Path.Combine(folder.Path, "wide"), tensors.Sum(one => Count(one.Shape)));
    }

    private static IEnumerable<(string Name, long[] Shape)> Tensors(ModelSpec spec) =>
        from one in spec.Family.Names
        where one.Key != Part.Head
        orderby one.Key
        from layer in Enumerable.Range(0, one.Key >= Part.AttentionNorm ? spec.Layers : 1)
        select ($"{one.Value.Replace("{layer}", $"{layer}", StringComparison.Ordinal)}.weight", spec.ShapeOf(one.Key).ToArray());

    private static string Header((string Name, long[] Shape)[] tensors)
    {
        var end = 0L;
        return $"{{{string.Join(',', tensors.Select(one =>
        {
            var start = end;
            end += sizeof(ushort) * Count(one.Shape);
            return $"\"{one.Name}\":{SafetensorsBytes.Entry("BF16", $"[{string.Join(',', one.Shape)}]", $"[{start},{end}]")}";
        }))}}}";
    }

    // Norms are 1; matrices uniform, of variance 1/C.
    private static byte[] Values(long[] shape, int hidden, SplitMix64 random)
    {
        var bytes = new byte[sizeof(ushort) * Count(shape)];
        for (var i = 0; i < bytes.Length; i += sizeof(ushort))
        {
            var value = shape.Length == 1 ? 1 : (float)(Math.Sqrt(12.0 / hidden) * (random.Uniform() - 0.5));
            BitConverter.TryWriteBytes(bytes.AsSpan(i), (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
        }

        return bytes;
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);
}
