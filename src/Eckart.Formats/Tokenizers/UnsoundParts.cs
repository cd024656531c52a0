using System.Text.Json;
using System.Text.Json.Nodes;

namespace Eckart.Formats.Tokenizers;

/// <summary>Refuses parts of a <c>tokenizer.json</c> that the library takes and should not: on most it panics, which ends the process and cannot be caught.</summary>
/// <remarks>Source: what tokenizers 0.22.2 takes for granted. Not covered: a regular expression that tries more ways to match a text than the library's ten million.</remarks>
internal static class UnsoundParts
{
    private const string Remedy = "take the tokenizer.json that belongs to the model";

    /// <exception cref="InputException">There is such a part; the message names it.</exception>
    public static void Refuse(JsonObject tokenizer, string where)
    {
        foreach (var key in new[] { "normalizer", "pre_tokenizer", "decoder" })
            if (tokenizer[key] is { } part && FaultOf(part, key) is { } fault) throw new InputException($"{where}: {key}", fault, Remedy);
        if (tokenizer["model"] is JsonObject model && FaultOf(model) is { } found) throw new InputException($"{where}: model", found, Remedy);
    }

    private static string? FaultOf(JsonNode? node, string key) => node switch
    {
        JsonObject part => OwnFault(part, key) ?? part.Select(member => FaultOf(member.Value, key)).FirstOrDefault(fault => fault is not null),
        JsonArray list => list.Select(item => FaultOf(item, key)).FirstOrDefault(fault => fault is not null),
        JsonValue value when value.TryGetValue(out JsonElement number) && number.ValueKind == JsonValueKind.Number && !(number.TryGetDouble(out var finite) && double.IsFinite(finite))
            => $"expected finite numbers, found {Excerpt.Of(number.GetRawText())}",
        _ => null,
    };

    private static string? OwnFault(JsonObject part, string key) => (key, TextOf(part["type"])) switch
    {
        ("normalizer", var type) when type == "Precompiled" || part.ContainsKey("precompiled_charsmap") => CharsmapFault(TextOf(part["precompiled_charsmap"])),
        ("pre_tokenizer", "FixedLength") when IsZero(part["length"]) == true => "expected pieces of a length from 1, found 0",
        // It cuts off more than a token has.
        ("decoder", "Strip") when IsZero(part["stop"]) == false => $"expected a Strip that takes nothing off the end (stop 0), found {Excerpt.Of(part["stop"]!.ToJsonString())}",
        _ => null,
    };

    private static string? CharsmapFault(string? map) => (map is null ? "no text" : PrecompiledCharsmap.FaultOf(map)) is { } fault ? $"expected a precompiled_charsmap, found {fault}" : null;

    private static string? FaultOf(JsonObject model)
    {
        if (IsZero(model["dropout"]) == false) return $"expected no dropout, which leaves ids to chance, found {Excerpt.Of(model["dropout"]!.ToJsonString())}";
        // The library cuts as many bytes off the right part of a merge, whatever they are.
        return TextOf(model["continuing_subword_prefix"]) is { Length: > 0 } prefix
            && (model["merges"] as JsonArray)?.Select(RightPart).FirstOrDefault(part => part?.StartsWith(prefix, StringComparison.Ordinal) == false) is { } bare
            ? $"expected merges whose right part begins with {Excerpt.Of(prefix)}, found {Excerpt.Of(bare)}" : null;
    }

    // A merge is a pair, or both parts with a space between.
    private static string? RightPart(JsonNode? merge) => merge is JsonArray { Count: 2 } pair ? TextOf(pair[1])
        : TextOf(merge) is { } text && text.IndexOf(' ', StringComparison.Ordinal) is var cut and >= 0 ? text[(cut + 1)..] : null;

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    // Null where it is no number.
    private static bool? IsZero(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number == 0 : null;
}
