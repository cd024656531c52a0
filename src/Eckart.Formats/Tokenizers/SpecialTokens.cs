using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Eckart.Formats.Tokenizers;

/// <summary>What a <c>post_processor</c> puts around the ids of one text.</summary>
/// <param name="Leading">Before the text, e.g. the begin-of-text token.</param>
/// <param name="Trailing">After it.</param>
/// <remarks>Source: the post-processors of Hugging Face's tokenizers; of a template, its form for one text.</remarks>
internal sealed record SpecialTokens(ImmutableArray<int> Leading, ImmutableArray<int> Trailing)
{
    public static SpecialTokens None { get; } = new([], []);

    /// <param name="processor">The value of <c>post_processor</c>, perhaps null.</param>
    /// <param name="where">The file, as messages name it.</param>
    /// <exception cref="InputException">Malformed, or of a type unknown.</exception>
    public static SpecialTokens Read(JsonNode? processor, string where)
    {
        if (processor is null) return None;
        try
        {
            return Read(processor) ?? throw Refusal(where, $"expected ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing or a Sequence of them, found {Excerpt.Of(processor["type"]?.ToJsonString() ?? "null")}");
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException)
        {
            throw Refusal(where, $"expected a post-processor, found a malformed one ({Excerpt.Of(error)})", error);
        }
    }

    private static SpecialTokens? Read(JsonNode processor) => Text(processor["type"]) switch
    {
        "ByteLevel" => None,
        "TemplateProcessing" => Template(processor),
        "BertProcessing" or "RobertaProcessing" => new([SecondId(processor["cls"])], [SecondId(processor["sep"])]),
        "Sequence" => Required(processor["processors"]).AsArray().Select(part => Read(Required(part)))
            .Aggregate((SpecialTokens?)None, (inner, outer) => inner is null || outer is null ? null
                : new([.. outer.Leading, .. inner.Leading], [.. inner.Trailing, .. outer.Trailing])),
        _ => null,
    };

    private static SpecialTokens Template(JsonNode processor)
    {
        var (leading, trailing) = (ImmutableArray.CreateBuilder<int>(), ImmutableArray.CreateBuilder<int>());
        var sequences = 0;
        foreach (var piece in Required(processor["single"]).AsArray())
        {
            if (piece?["SpecialToken"] is { } special)
                (sequences == 0 ? leading : trailing).AddRange(Ids(processor, Text(special["id"])));
            else if (Text(Required(piece?["Sequence"])["id"]) == "A")
                sequences++;
        }

        return sequences == 1 ? new(leading.ToImmutable(), trailing.ToImmutable())
            : throw new FormatException($"the template for one text holds it {sequences} times");
    }

    private static IEnumerable<int> Ids(JsonNode processor, string token) =>
        Required(processor["special_tokens"]?[token]?["ids"]).AsArray().Select(id => Required(id).GetValue<int>());

    private static int SecondId(JsonNode? pair) => Required(Required(pair).AsArray()[1]).GetValue<int>();

    private static string Text(JsonNode? node) => Required(node).GetValue<string>();

    private static JsonNode Required(JsonNode? node) => node ?? throw new FormatException("a value is missing");

    private static InputException Refusal(string where, string found, Exception? inner = null) =>
        new($"{where}: post_processor", found, "take the tokenizer.json that belongs to the model", inner);
}
