using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Formats.Gguf;
using Eckart.Formats.Tokenizers;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.Gguf;

public sealed class GgufTokenizerTests
{
    [Fact]
    public void SmolLm2_gets_the_tokenizer_and_the_ids_of_the_reference()
    {
        using var file = GgufFile.Open(Shared.Find(Shared.SmolLm2));
        var golden = JsonNode.Parse(File.ReadAllBytes(Shared.Find("golden/tokenizers/smollm2-from-gguf/tokenizer.json")));

        var json = GgufTokenizer.ToJson(file.Metadata);

        Assert.True(JsonNode.DeepEquals(golden, JsonNode.Parse(json.ToJsonString())));
        using var tokenizer = TextTokenizer.FromJson(json, file.Path);
        Assert.All(GoldenText.Read("smollm2-from-gguf"), text =>
        {
            Assert.Equal(text.Ids, tokenizer.Encode(text.Text, addSpecialTokens: true));
            Assert.Equal(text.IdsPlain, tokenizer.Encode(text.Text, addSpecialTokens: false));
            Assert.Equal(text.Decoded, tokenizer.Decode(text.IdsPlain));
        });
    }

    [Theory]
    [InlineData("gpt2-style", "gpt-2", false)]
    [InlineData("smollm-style", "smollm", false)]
    [InlineData("qwen2-style", "qwen2", false)]
    [InlineData("llama3-style", "llama-bpe", true)]
    public void Names_of_pre_tokenizers_cut_as_the_models_of_that_name(string golden, string pre, bool ignoresMerges)
    {
        Stored(golden).With("tokenizer.ggml.model", "gpt2").With("tokenizer.ggml.pre", pre).With("tokenizer.ggml.merges", MergesOf(golden)).Open(file =>
        {
            var json = GgufTokenizer.ToJson(file.Metadata);

            // LLaMA-3's own tokenizer and llama.cpp take a piece that is a token whole; the golden file does not.
            Assert.Equal(ignoresMerges, json["model"]!["ignore_merges"]!.GetValue<bool>());
            json["model"]!["ignore_merges"] = false;
            AssertIds(golden, json);
        });
    }

    [Fact]
    public void Default_cuts_as_llama_cpp_does()
    {
        string[] tokens = ["a", "1", ".", "$", "Ġ", "11", "111", ".$", "Ġ1", "Ġ.", "a.", "<s>"];
        Vocabulary(tokens, types: [.. tokens.Select(_ => 1)])
            .With("tokenizer.ggml.model", "gpt2").With("tokenizer.ggml.pre", "default").With("tokenizer.ggml.merges", new[] { "1 1", "11 1", ". $", "Ġ 1", "Ġ .", "a ." })
            .Open(file =>
            {
                using var tokenizer = TextTokenizer.FromJson(GgufTokenizer.ToJson(file.Metadata), "x");

                string[] Cut(string text) => [.. tokenizer.Encode(text, addSpecialTokens: true).Select(tokenizer.Token)];
                Assert.Equal(["a", ".$", "a"], Cut("a.$a"));
                Assert.Equal(["111", "11"], Cut("11111"));
                Assert.Equal(["Ġ", "11"], Cut(" 11"));
                Assert.Equal(["a", "Ġ", "."], Cut("a ."));
            });
    }

    // Worked out by hand from the expressions; whatever is not cut is one token.
    [Theory]
    [InlineData("gpt-2", "Hello 1234 it's", "Hello|Ġ1234|Ġit|'s")]
    [InlineData("smollm", "Hello 12 it's", "Hello|Ġ|1|2|Ġit|'s")]
    [InlineData("llama-bpe", "HelloWorld 1234 it'S", "HelloWorld|Ġ|123|4|Ġit|'S")]
    [InlineData("smaug-bpe", "HelloWorld 1234", "HelloWorld|Ġ|123|4")]
    [InlineData("qwen2", "Hello 12 it's", "Hello|Ġ|1|2|Ġit|'s")]
    [InlineData("stablelm2", "Hello 12 it's", "Hello|Ġ|1|2|Ġit|'s")]
    [InlineData("tekken", "HelloWorld 12 it's", "Hello|World|Ġ|1|2|Ġit|'s")]
    [InlineData("deepseek-coder", "Hi, 12 x\n", "Hi|,|Ġ|1|2|Ġx|Ċ")]
    [InlineData("deepseek-v3", "Hi, 1234 x", "Hi|,|Ġ|123|4|Ġx")]
    [InlineData("viking", "Hi, 12", "Hi|,|Ġ|1|2")]
    [InlineData("poro-chat", "Hi, 12", "Hi|,|Ġ12")]
    public void A_text_is_cut_as_the_name_says(string pre, string text, string pieces)
    {
        var letters = text.Replace(' ', 'Ġ').Replace('\n', 'Ċ');
        string[] tokens = [.. from length in Enumerable.Range(1, letters.Length) from start in Enumerable.Range(0, letters.Length - length + 1) select letters.Substring(start, length)];
        tokens = [.. tokens.Distinct(), "<s>"];
        string[] merges = [.. tokens[..^1].SelectMany(token => Enumerable.Range(1, token.Length - 1).Select(cut => $"{token[..cut]} {token[cut..]}"))];
        Vocabulary(tokens, [.. tokens.Select(token => token == "<s>" ? 3 : 1)])
            .With("tokenizer.ggml.model", "gpt2").With("tokenizer.ggml.pre", pre).With("tokenizer.ggml.merges", merges)
            .Open(file =>
            {
                using var tokenizer = TextTokenizer.FromJson(GgufTokenizer.ToJson(file.Metadata), "x");

                Assert.Equal(pieces, string.Join('|', tokenizer.Encode(text, addSpecialTokens: false).Select(tokenizer.Token)));
            });
    }

    [Fact]
    public void Every_name_makes_a_tokenizer_that_the_library_takes()
    {
        GgufBytes Named(string name) => Vocabulary(["a", "Ġ", "<s>"], types: [1, 1, 3])
            .With("tokenizer.ggml.model", "gpt2").With("tokenizer.ggml.pre", name).With("tokenizer.ggml.merges", System.Array.Empty<string>());
        var refusal = "";
        Named("?").Open(file => refusal = Assert.Throws<InputException>(() => GgufTokenizer.ToJson(file.Metadata)).Message);
        var names = refusal[(refusal.IndexOf("one of ", StringComparison.Ordinal) + 7)..refusal.IndexOf(", found", StringComparison.Ordinal)].Split(", ");

        Assert.All(names, name => Named(name).Open(file => TextTokenizer.FromJson(GgufTokenizer.ToJson(file.Metadata), name).Dispose()));
        Assert.Contains("poro-chat", names);
    }

    [Fact]
    public void Scores_become_the_merges_of_a_sentencepiece_model()
    {
        var golden = Golden("llama2-style");

        Stored("llama2-style").With("tokenizer.ggml.model", "llama").With("tokenizer.ggml.scores", ScoresOf("llama2-style")).Open(file =>
        {
            var json = GgufTokenizer.ToJson(file.Metadata);

            foreach (var part in new[] { "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder" })
                Assert.True(JsonNode.DeepEquals(golden[part], JsonNode.Parse(json.ToJsonString())![part]), part);
            AssertIds("llama2-style", json);
        });
    }

    private static void AssertIds(string golden, JsonObject json)
    {
        using var tokenizer = TextTokenizer.FromJson(json, golden);
        Assert.All(GoldenText.Read(golden), text =>
        {
            Assert.Equal(text.Ids, tokenizer.Encode(text.Text, addSpecialTokens: true));
            Assert.Equal(text.Decoded, tokenizer.Decode(text.IdsPlain));
        });
    }

    [Fact]
    public void Merges_are_every_cut_by_score_then_length_then_vocabulary()
    {
        string[] tokens = ["<unk>", "<s>", "</s>", "a", "b", "ab", "abb", "bb", "</", "s>"];
        Vocabulary(tokens, types: [2, 3, 3, 1, 1, 1, 1, 1, 1, 1])
            .With("tokenizer.ggml.model", "llama").With("tokenizer.ggml.scores", new[] { 0f, 0, 0, -9, -9, -2, -1, -2, -9, -9 })
            .Open(file => Assert.Equal("""[["ab","b"],["a","bb"],["a","b"],["b","b"]]""", GgufTokenizer.ToJson(file.Metadata)["model"]!["merges"]!.ToJsonString()));
    }

    [Fact]
    public void A_space_is_put_before_the_text_unless_the_file_says_no()
    {
        string[] tokens = ["<unk>", "<s>", "</s>", "▁", "a", "▁a"];
        GgufBytes Model() => Vocabulary(tokens, types: [2, 3, 3, 1, 1, 1])
            .With("tokenizer.ggml.model", "llama").With("tokenizer.ggml.scores", new[] { 0f, 0, 0, -2, -3, -1 });

        Model().Open(file => AssertRoundTrip(file, "a a", [1, 5, 5]));
        Model().With("tokenizer.ggml.add_space_prefix", false).Open(file => AssertRoundTrip(file, "a a", [1, 4, 5]));
    }

    [Fact]
    public void Begin_and_end_tokens_are_added_where_the_file_says_so()
    {
        GgufBytes Model() => Vocabulary(["<s>", "</s>", "a"], types: [3, 3, 1], bos: 0, eos: 1)
            .With("tokenizer.ggml.model", "gpt2").With("tokenizer.ggml.pre", "gpt-2").With("tokenizer.ggml.merges", System.Array.Empty<string>());

        Model().Open(file => AssertRoundTrip(file, "a", [2]));
        Model().With("tokenizer.ggml.add_bos_token", true).Open(file => AssertRoundTrip(file, "a", [0, 2]));
        Model().With("tokenizer.ggml.add_bos_token", true).With("tokenizer.ggml.add_eos_token", true).Open(file => AssertRoundTrip(file, "a", [0, 2, 1]));
    }

    [Fact]
    public void User_defined_tokens_are_added_but_not_special()
    {
        Vocabulary(["a", "b", "aba"], types: [1, 1, 4])
            .With("tokenizer.ggml.model", "gpt2").With("tokenizer.ggml.pre", "gpt-2").With("tokenizer.ggml.merges", System.Array.Empty<string>())
            .Open(file =>
            {
                Assert.False(GgufTokenizer.ToJson(file.Metadata)["added_tokens"]![0]!["special"]!.GetValue<bool>());
                AssertRoundTrip(file, "baba", [1, 2]);
            });
    }

    [Fact]
    public void Without_types_the_named_ids_are_special()
    {
        new GgufBytes().With("tokenizer.ggml.tokens", new[] { "<s>", "s", "a" }).With("tokenizer.ggml.bos_token_id", 0u)
            .With("tokenizer.ggml.model", "gpt2").With("tokenizer.ggml.pre", "gpt-2").With("tokenizer.ggml.merges", System.Array.Empty<string>())
            .Open(file => AssertRoundTrip(file, "a<s>s", [2, 0, 1]));
    }

    [Fact]
    public void What_cannot_be_rebuilt_is_refused_by_key()
    {
        GgufBytes Bytes(string pre = "gpt-2", string merge = "a b") => Vocabulary(["a", "b", "ab"], types: [1, 1, 1])
            .With("tokenizer.ggml.model", "gpt2").With("tokenizer.ggml.pre", pre).With("tokenizer.ggml.merges", new[] { merge });
        void Refuse(GgufBytes bytes, params string[] parts) =>
            bytes.Open(file => Refused.With(() => GgufTokenizer.ToJson(file.Metadata), ["model.gguf", .. parts]));

        Refuse(new GgufBytes(), "tokenizer.ggml.model", "expected it, found no such key");
        Refuse(new GgufBytes().With("tokenizer.ggml.model", "rwkv"), "tokenizer.ggml.model", "expected one of gpt2, llama, found 'rwkv'");
        Refuse(Bytes(pre: "kimi-k2"), "tokenizer.ggml.pre", "found 'kimi-k2'", "smollm", "qwen2");
        Refuse(Bytes(merge: "ab"), "tokenizer.ggml.merges", "'ab'");
        Refuse(Bytes().With("tokenizer.ggml.add_bos_token", true), "tokenizer.ggml.bos_token_id", "to be added");
        Refuse(Bytes().With("tokenizer.ggml.add_bos_token", true).With("tokenizer.ggml.bos_token_id", 3u), "tokenizer.ggml.bos_token_id", "found 3");
        Refuse(Bytes().With("tokenizer.ggml.add_bos_token", 1u), "tokenizer.ggml.add_bos_token", "boolean");
        Refuse(Vocabulary(["a", "b", "a"], types: [1, 1, 1]).With("tokenizer.ggml.model", "gpt2").With("tokenizer.ggml.merges", System.Array.Empty<string>()),
            "tokenizer.ggml.tokens", "expected each token once, found 'a' as 0 and as 2");
        Refuse(Vocabulary(["a", "▁▁"], types: [1, 4]).With("tokenizer.ggml.model", "llama").With("tokenizer.ggml.scores", new[] { 0f, 0 }),
            "tokenizer.ggml.token_type", "'▁▁'");
        Refuse(Vocabulary(["a"], types: [1]).With("tokenizer.ggml.model", "llama"), "tokenizer.ggml.scores", "expected it, found no such key");
    }

    [Fact]
    public void Merges_of_tokens_it_lacks_are_refused_by_the_library()
    {
        Vocabulary(["a", "b"], types: [1, 1]).With("tokenizer.ggml.model", "gpt2").With("tokenizer.ggml.merges", new[] { "a b" })
            .Open(file => Refused.With(() => TextTokenizer.FromJson(GgufTokenizer.ToJson(file.Metadata), file.Path), "model.gguf", "library"));
    }

    private static void AssertRoundTrip(GgufFile file, string text, int[] ids)
    {
        using var tokenizer = TextTokenizer.FromJson(GgufTokenizer.ToJson(file.Metadata), file.Path);

        Assert.Equal(ids, tokenizer.Encode(text, addSpecialTokens: true));
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, addSpecialTokens: false)));
    }

    private static GgufBytes Vocabulary(string[] tokens, int[] types, uint? bos = null, uint? eos = null)
    {
        var bytes = new GgufBytes().With("tokenizer.ggml.tokens", tokens).With("tokenizer.ggml.token_type", types);
        if ((bos ?? FirstIndex("<s>")) is { } begin) bytes.With("tokenizer.ggml.bos_token_id", begin);
        if ((eos ?? FirstIndex("</s>")) is { } end) bytes.With("tokenizer.ggml.eos_token_id", end);
        return bytes;

        uint? FirstIndex(string token) => System.Array.IndexOf(tokens, token) is var id and >= 0 ? (uint)id : null;
    }

    private static JsonObject Golden(string name) => JsonNode.Parse(File.ReadAllBytes(Shared.Find($"golden/tokenizers/{name}/tokenizer.json")))!.AsObject();

    private static string[] TokensOf(JsonObject golden) =>
        [.. golden["model"]!["vocab"]!.AsObject().OrderBy(token => token.Value!.GetValue<int>()).Select(token => token.Key)];

    private static string[] MergesOf(string name) =>
        [.. Golden(name)["model"]!["merges"]!.AsArray().Select(merge => $"{merge![0]} {merge[1]}")];

    // A merge's rank, negated, is the score that SentencePiece would have stored for what it makes.
    private static float[] ScoresOf(string name)
    {
        var golden = Golden(name);
        var ranks = golden["model"]!["merges"]!.AsArray().Select((merge, rank) => (Text: $"{merge![0]}{merge[1]}", rank))
            .GroupBy(merge => merge.Text).ToDictionary(merges => merges.Key, merges => merges.First().rank);
        return [.. TokensOf(golden).Select(token => ranks.TryGetValue(token, out var rank) ? -1f - rank : -1e6f)];
    }

    private static GgufBytes Stored(string name)
    {
        var golden = Golden(name);
        var tokens = TokensOf(golden);
        var added = golden["added_tokens"]!.AsArray().Select(token => token!["content"]!.GetValue<string>()).ToHashSet();
        var types = tokens.Select(token => token == "<unk>" ? 2 : added.Contains(token) ? 3 : token is ['<', '0', 'x', _, _, '>'] ? 6 : 1);
        return Vocabulary(tokens, [.. types], bos: name == "llama3-style" ? 0u : null);
    }
}
