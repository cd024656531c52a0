using System.Text.Json.Nodes;

namespace Eckart.Formats.Gguf;

/// <summary>What a name in <c>tokenizer.ggml.pre</c> stands for: how a byte-level tokenizer cuts a text before it merges.</summary>
/// <param name="Patterns">Regular expressions, one after the other, each cutting the pieces that the ones before left.</param>
/// <param name="SingleDigits">Digits are cut off one by one first.</param>
/// <param name="UsesGpt2Pattern">The byte level applies GPT-2's own expression.</param>
/// <param name="ComposesUnicode">Text is brought to NFC first.</param>
/// <param name="IgnoresMerges">A piece that is a token needs no merges.</param>
/// <param name="AddsBos">Whether the begin-of-text token is added where <c>tokenizer.ggml.add_bos_token</c> is missing.</param>
/// <remarks>Source: llama.cpp's <c>llama-vocab.cpp</c>, which defines the names; the expressions of <c>llama-bpe</c>, <c>qwen2</c> and
/// <c>tekken</c> and the normaliser of <c>qwen2</c> as in those models' own <c>tokenizer.json</c>; the others cut as llama.cpp does, which normalises nothing.</remarks>
internal sealed record PreTokenizer(
    string[] Patterns, bool SingleDigits = false, bool UsesGpt2Pattern = false, bool ComposesUnicode = false, bool IgnoresMerges = false, bool AddsBos = false)
{
    // Words by their case, as Mistral's newer tokenizers have them.
    private const string Cased =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Punctuated =
        @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)";

    private const string SeedCoder =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Cjk = "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+";

    private static readonly PreTokenizer Gpt2 = new([], UsesGpt2Pattern: true);
    private static readonly PreTokenizer Digits = new([], SingleDigits: true, UsesGpt2Pattern: true);
    private static readonly PreTokenizer Llama3 = new([Tiktoken(digits: @"\p{N}{1,3}")], IgnoresMerges: true, AddsBos: true);
    private static readonly PreTokenizer SmaugBpe = Llama3 with { IgnoresMerges = false, AddsBos = false };
    private static readonly PreTokenizer Qwen2 = new([Tiktoken(digits: @"\p{N}")], ComposesUnicode: true);
    private static readonly PreTokenizer StableLm2 = Qwen2 with { ComposesUnicode = false };

    /// <summary>The names known.</summary>
    public static IReadOnlyDictionary<string, PreTokenizer> ByName { get; } = new OrderedDictionary<string, PreTokenizer>
    {
        ["default"] = new([@"[\p{P}\$\+<=>\^~\|]+", Gpt2Pattern, @"\p{N}+", "[0-9][0-9][0-9]"]),
        ["gpt-2"] = Gpt2,
        ["phi-2"] = Gpt2,
        ["mpt"] = Gpt2,
        ["olmo"] = Gpt2,
        ["jais"] = Gpt2,
        ["gigachat"] = Gpt2,
        ["trillion"] = Gpt2,
        ["mellum"] = Gpt2,
        ["a.x-4.0"] = Gpt2,
        ["smollm"] = Digits,
        ["starcoder"] = Digits,
        ["refact"] = Digits,
        ["command-r"] = Digits,
        ["codeshell"] = Digits,
        ["exaone"] = Digits,
        ["minerva-7b"] = Digits,
        ["llama-bpe"] = Llama3,
        ["llama-v3"] = Llama3,
        ["llama3"] = Llama3,
        ["falcon3"] = Llama3,
        ["pixtral"] = Llama3,
        ["lfm2"] = Llama3,
        ["falcon-h1"] = Llama3,
        ["midm-2.0"] = Llama3,
        ["dbrx"] = SmaugBpe,
        ["smaug-bpe"] = SmaugBpe,
        ["qwen2"] = Qwen2,
        ["deepseek-r1-qwen"] = StableLm2,
        ["stablelm2"] = StableLm2,
        ["megrez"] = StableLm2,
        ["tekken"] = new([Cased], IgnoresMerges: true, AddsBos: true),
        ["seed-coder"] = new([SeedCoder]),
        ["falcon"] = new([@"[\p{P}\$\+<=>\^~\|`]+", Gpt2Pattern, "[0-9][0-9][0-9]"]),
        ["deepseek-coder"] = new(["[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", Cjk, @"\p{N}"]),
        ["deepseek-v3"] = new([@"\p{N}{1,3}", "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+", Punctuated]),
        ["viking"] = new([@" ?[^(\s|.,!?…。，、।۔،)]+", @"\p{N}"]),
        ["poro-chat"] = new([@" ?[^(\s|.,!?…。，、।۔،)]+"]),
    };

    /// <summary>The value of <c>normalizer</c>.</summary>
    public JsonObject? NormalizerJson() => ComposesUnicode ? new JsonObject { ["type"] = "NFC" } : null;

    /// <summary>The value of <c>pre_tokenizer</c>.</summary>
    public JsonObject ToJson()
    {
        var steps = new JsonArray();
        if (SingleDigits) steps.Add(new JsonObject { ["type"] = "Digits", ["individual_digits"] = true });
        foreach (var pattern in Patterns)
            steps.Add(new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["behavior"] = "Isolated", ["invert"] = false });

        var bytes = ByteLevel(addPrefixSpace: false, UsesGpt2Pattern);
        if (steps.Count == 0) return bytes;
        steps.Add(bytes);
        return new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = steps };
    }

    /// <summary>A byte-level step: the bytes of UTF-8 as letters.</summary>
    public static JsonObject ByteLevel(bool addPrefixSpace, bool usesPattern) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = addPrefixSpace, ["trim_offsets"] = true, ["use_regex"] = usesPattern };

    // The expression that LLaMA-3 and Qwen2 took over from tiktoken, but for the length of numbers.
    private static string Tiktoken(string digits) =>
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|" + digits + @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
}
