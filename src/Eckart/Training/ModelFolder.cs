using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Eckart.Formats;
using Eckart.Formats.Safetensors;
using Eckart.Models;

namespace Eckart.Training;

/// <summary>Writes a model as a folder in Hugging Face layout, which transformers loads too.</summary>
internal static class ModelFolder
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Writes <c>config.json</c>, <c>tokenizer.json</c> where there is one, and <c>model.safetensors</c>, each whole or not at all.</summary>
    /// <param name="path">The folder; exists.</param>
    /// <param name="spec">What the model is made of.</param>
    /// <param name="parameters">All of them, in the order of their layout.</param>
    /// <param name="type">Stored type, <c>F16</c> or <c>F32</c>.</param>
    /// <param name="tokenizer">Text of <c>tokenizer.json</c>; null for none.</param>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public static void Write(string path, ModelSpec spec, ReadOnlyMemory<float> parameters, string type, string? tokenizer)
    {
        var tensors = new ParameterLayout(spec).Slots.Select(slot => new SafetensorsContent(
            TensorNames.Full(spec.Family.Names[slot.Part], slot.Layer, slot.Bias),
            type,
            slot.Shape,
            stream => stream.Write(Stored(parameters.Span.Slice((int)slot.Offset, (int)slot.Count), type))));
        SafetensorsWriter.Write(Path.Combine(path, "model.safetensors"), tensors, new Dictionary<string, string> { ["format"] = "pt" });
        if (tokenizer is not null) AtomicFile.Write(Path.Combine(path, "tokenizer.json"), Encoding.UTF8.GetBytes(tokenizer));
        var config = ModelSpecWriter.Write(spec, type == "F16" ? "float16" : "float32");
        AtomicFile.Write(Path.Combine(path, "config.json"), Encoding.UTF8.GetBytes(config.ToJsonString(Indented) + "\n"));
    }

    private static byte[] Stored(ReadOnlySpan<float> values, string type)
    {
        if (type == "F32") return MemoryMarshal.AsBytes(values).ToArray();
        var halves = new Half[values.Length];
        for (var i = 0; i < halves.Length; i++) halves[i] = (Half)values[i];
        return MemoryMarshal.AsBytes<Half>(halves).ToArray();
    }
}
