using System.Text;
using BenchmarkDotNet.Attributes;
using Eckart.Formats.Tokenizers;
using Eckart.Models;

namespace Eckart.Bench.Micro;

/// <summary>A prompt of some demonstrations to token ids, with SmolLM2's vocabulary.</summary>
public class EncodingBenchmark : IMeasuredWork
{
    private static readonly string Prompt = string.Concat(Enumerable.Repeat("text: a gorgeous , witty , seductive movie that never quite loses its nerve\n sentiment : pos \n\n", 10));
    private TextTokenizer? tokenizer;

    /// <summary>The model whose tokenizer is measured; not part of the repository.</summary>
    public static string Model { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("ECKART_SHARED") is { Length: > 0 } root ? root : Path.Combine("..", "shared"),
        "models", "smollm2-135m-instruct", "SmolLM2-135M-Instruct.Q4_1.gguf");

    public double Work => Encoding.UTF8.GetByteCount(Prompt);

    public string Unit => "B";

    [GlobalSetup]
    public void Load()
    {
        using var checkpoint = Checkpoint.Open(Model);
        tokenizer = checkpoint.LoadTokenizer();
    }

    [Benchmark]
    public object Encode() => tokenizer!.Encode(Prompt, addSpecialTokens: true);

    [GlobalCleanup]
    public void Unload() => tokenizer?.Dispose();
}
