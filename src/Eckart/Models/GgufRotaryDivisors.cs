using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Formats.Gguf;

namespace Eckart.Models;

/// <summary>Divisors of the rotary frequencies that a converter has worked out (<c>rope_freqs.weight</c>), traced back to the rule that gave them.</summary>
/// <remarks>Source: llama.cpp's converter, which writes them for LLaMA 3.1 and its successors, all of which have the same limits and original length.</remarks>
internal static class GgufRotaryDivisors
{
    private const string Tensor = "rope_freqs.weight";
    private const double LowFrequency = 1;
    private const double HighFrequency = 4;
    private const int OriginalPositions = 8192;

    /// <summary>The rule as <c>config.json</c> has it, or null where the file has no such tensor.</summary>
    /// <exception cref="InputException">No known rule gives these divisors.</exception>
    public static JsonObject? Rule(GgufFile file)
    {
        if (!file.Tensors.TryGetValue(Tensor, out var entry)) return null;
        var key = $"{file.Metadata.String("general.architecture")}.rope.freq_base";
        var divisors = new float[entry.Count <= 1 << 16 ? (int)entry.Count : throw Unknown(file)];
        file.ReadRows(Tensor, 0, divisors);
        var scaling = new RotaryScaling(RotaryScalingKind.Llama3, divisors.DefaultIfEmpty(1).Max(), LowFrequency, HighFrequency, OriginalPositions);
        var spec = new RotarySpec(2 * divisors.Length, file.Metadata.Contains(key) ? file.Metadata.Float(key) : 10_000, RotaryLayout.Halves, null);
        var (plain, scaled) = (RotaryFrequencies.Of(spec, 0), RotaryFrequencies.Of(spec with { Scaling = scaling }, 0));
        for (var pair = 0; pair < divisors.Length; pair++)
            if (!(Math.Abs((plain[pair] / divisors[pair] / scaled[pair]) - 1) < 1e-5)) throw Unknown(file);

        return new JsonObject
        {
            ["rope_type"] = "llama3",
            ["factor"] = (double)(float)scaling.Factor,
            ["low_freq_factor"] = LowFrequency,
            ["high_freq_factor"] = HighFrequency,
            ["original_max_position_embeddings"] = OriginalPositions,
        };
    }

    /// <summary>Refuses another number of divisors than there are pairs of dimensions.</summary>
    /// <exception cref="InputException">There are more or fewer.</exception>
    public static void RefuseOtherThan(GgufFile file, int pairs)
    {
        if (file.Tensors.TryGetValue(Tensor, out var entry) && entry.Count != pairs)
            throw new InputException($"{file.Path}: tensor '{Tensor}'", $"expected {pairs} divisors, one a pair of a head's dimensions, found {entry.Count}", "take the model's Hugging Face folder");
    }

    private static InputException Unknown(GgufFile file) =>
        new($"{file.Path}: tensor '{Tensor}'", "expected divisors of the rotary frequencies by LLaMA 3's rule, found others", "take the model's Hugging Face folder");
}
