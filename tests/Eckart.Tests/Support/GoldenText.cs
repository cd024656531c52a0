using System.Text.Json;

namespace Eckart.Tests.Support;

/// <summary>A line of a tokenizer's <c>ids.jsonl</c>: a text and what the reference makes of it.</summary>
internal sealed record GoldenText(string Text, int[] Ids, int[] IdsPlain, string Decoded)
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static GoldenText[] Read(string tokenizer) =>
        [.. File.ReadLines(Shared.Find($"golden/tokenizers/{tokenizer}/ids.jsonl")).Select(line => JsonSerializer.Deserialize<GoldenText>(line, SnakeCase)!)];
}
