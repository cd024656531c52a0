using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Formats.Tokenizers;
using Eckart.Tests.Support;
using Eckart.Tests.Support.Mutations;

namespace Eckart.Tests.Formats.Tokenizers;

public sealed class TokenizerMutationTests
{
    private static readonly string[] Texts = ["abab ba\n<s>é", "", "\0😀 x"];

    // One block of units, all 0: no text has an entry.
    private static readonly string Map = Convert.ToBase64String([.. BitConverter.GetBytes(4 * 256), .. new byte[4 * 256], .. "x\0"u8]);

    private static readonly byte[][] Originals = [.. new[] { BytePairs, WordPieces, Unigram, Words, Prefixed }.Select(text => Encoding.UTF8.GetBytes(text.Replace("\"MAP\"", $"\"{Map}\"", StringComparison.Ordinal)))];

    // Ids of the texts by each undamaged file.
    private static readonly int[]?[][] Undamaged = [.. Originals.Select(original =>
    {
        using var tokenizer = TextTokenizer.FromJson(JsonNode.Parse(original)!.AsObject(), "tokenizer.json");
        return Texts.Select(text => Ids(tokenizer, text)).ToArray();
    })];

    private const string BytePairs = """
        {"version":"1.0","truncation":null,"padding":null,
         "added_tokens":[{"id":6,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
         "normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]},
         "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},{"type":"Split","pattern":{"Regex":"\\p{L}+|\\s+"},"behavior":"Isolated","invert":false}]},
         "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},
         "post_processor":{"type":"TemplateProcessing",
            "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":0}}],
            "special_tokens":{"<s>":{"id":"<s>","ids":[6],"tokens":["<s>"]}}},
         "model":{"type":"BPE","dropout":null,"unk_token":"?","continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":true,
            "byte_fallback":true,"ignore_merges":false,"vocab":{"a":0,"b":1,"ab":2,"▁":3,"<0x0A>":4,"?":5},"merges":[["a","b"]]}}
        """;

    private const string WordPieces = """
        {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},
         "pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":{"type":"BertProcessing","sep":["[SEP]",2],"cls":["[CLS]",1]},"decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
         "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"a":3,"##b":4,"##a":5,"b":6,"é":7}}}
        """;

    private const string Unigram = """
        {"version":"1.0","truncation":null,"padding":null,"added_tokens":[{"id":0,"content":"<unk>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
         "normalizer":{"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Precompiled","precompiled_charsmap":"MAP"}]},"pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true},"post_processor":null,"decoder":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true},
         "model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0.0],["▁a",-1.0],["ab",-1.5],["b",-2.0],["a",-2.5],["<0xC3>",-9]],"byte_fallback":false}}
        """;

    private const string Words = """
        {"version":"1.0","added_tokens":[],"normalizer":null,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},"post_processor":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false},
         "decoder":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},"model":{"type":"BPE","unk_token":null,"continuing_subword_prefix":"","end_of_word_suffix":"","vocab":{"a":0,"b":1,"ab":2,"Ġ":3,"Ċ":4,"é":5},"merges":["a b"]}}
        """;

    private const string Prefixed = """
        {"version":"1.0","added_tokens":[],"normalizer":{"type":"Lowercase"},"pre_tokenizer":{"type":"FixedLength","length":3},"post_processor":null,"decoder":{"type":"BPEDecoder","suffix":"</w>"},
         "model":{"type":"BPE","unk_token":"a","continuing_subword_prefix":"##","end_of_word_suffix":"</w>","vocab":{"a":0,"##b":1,"ab":2,"##b</w>":3,"ab</w>":4},"merges":[["a","##b"],["a","##b</w>"]]}}
        """;

    [Fact]
    public void Two_thousand_damaged_files_are_read_right_or_refused() => new MutationRun("tokenizer.json", Mutate, Read).Of(2_000);

    [LongFact]
    public void A_hundred_thousand_damaged_files_are_read_right_or_refused() => new MutationRun("tokenizer.json", Mutate, Read).Of(100_000);

    private static Mutation Mutate(Random random)
    {
        var original = Originals[random.Next(Originals.Length)];
        return random.Next(4) == 0 ? new ByteMutator(random, Originals).Mutate(original, original.Length, []) : new JsonMutator(random).Mutate(original);
    }

    private static Action Read(string path, Mutation mutation)
    {
        var tokenizer = TextTokenizer.Load(path);
        var ids = Texts.Select(text => Ids(tokenizer, text)).ToArray();
        return () =>
        {
            Check(tokenizer, mutation.Bytes, ids);
            tokenizer.Dispose();
        };
    }

    // Null where the vocabulary has no token for a part of the text.
    private static int[]? Ids(TextTokenizer tokenizer, string text)
    {
        try
        {
            return tokenizer.Encode(text, addSpecialTokens: true);
        }
        catch (InputException refused)
        {
            Assert.Contains("tokenizer.json", Assert.Single(refused.Problems).ToString(), StringComparison.Ordinal);
            return null;
        }
    }

    private static void Check(TextTokenizer tokenizer, byte[] bytes, int[]?[] ids)
    {
        var json = JsonNode.Parse(bytes)!.AsObject();
        var texts = TokensOf(json);
        Assert.Equal(texts.Keys.DefaultIfEmpty(-1).Max() + 1, tokenizer.VocabularySize);
        foreach (var id in ids.OfType<int[]>().SelectMany(all => all)) Assert.Equal(texts[id], tokenizer.Token(id));
        foreach (var known in ids.OfType<int[]>()) Decode(tokenizer, known);
        for (var i = 0; i < Originals.Length; i++)
            if (IsTheSame(json, JsonNode.Parse(Originals[i])!.AsObject())) Assert.Equal(Undamaged[i], ids);
    }

    private static void Decode(TextTokenizer tokenizer, int[] ids)
    {
        try
        {
            Assert.NotNull(tokenizer.Decode(ids));
        }
        catch (InputException refused)
        {
            Assert.Contains("tokenizer.json", Assert.Single(refused.Problems).ToString(), StringComparison.Ordinal);
        }
    }

    private static bool IsTheSame(JsonObject one, JsonObject other) =>
        new[] { "version", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model" }.All(key => JsonNode.DeepEquals(one[key], other[key]));

    private static Dictionary<int, string> TokensOf(JsonObject json)
    {
        var tokens = json["model"]!["vocab"] is JsonArray list
            ? list.Select((pair, id) => (id, pair![0]!.GetValue<string>())).ToDictionary()
            : json["model"]!["vocab"]!.AsObject().ToDictionary(pair => pair.Value!.GetValue<int>(), pair => pair.Key);
        foreach (var added in json["added_tokens"]?.AsArray() ?? []) tokens[added!["id"]!.GetValue<int>()] = added["content"]!.GetValue<string>();
        return tokens;
    }
}
