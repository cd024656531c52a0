using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Formats.Tokenizers;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.Tokenizers;

public sealed class TextTokenizerTests
{
    private const string Small = """
        {"version":"1.0","truncation":null,"padding":null,
         "added_tokens":[{"id":5,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
                         {"id":6,"content":"</s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
         "normalizer":null,"pre_tokenizer":null,"decoder":{"type":"Fuse"},
         "post_processor":{"type":"TemplateProcessing",
            "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}}],
            "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":0}}],
            "special_tokens":{"<s>":{"id":"<s>","ids":[5],"tokens":["<s>"]},"</s>":{"id":"</s>","ids":[6],"tokens":["</s>"]}}},
         "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":false,
            "byte_fallback":false,"ignore_merges":false,"vocab":{"a":0,"b":1,"ab":2,"\u0000":3," ":4},"merges":[["a","b"]]}}
        """;

    public static TheoryData<string, bool, int[]> Goldens { get; } = new()
    {
        { "gpt2-style", false, [] },
        { "llama2-style", true, [1] },
        { "llama3-style", false, [0] },
        { "qwen2-style", false, [] },
        { "smollm-style", false, [] },
        { "smollm2-from-gguf", false, [] },
    };

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Ids_and_texts_are_those_of_the_reference(string name, bool hasByteFallback, int[] leading)
    {
        using var tokenizer = TextTokenizer.Load(Shared.Find($"golden/tokenizers/{name}/tokenizer.json"));

        Assert.Equal(hasByteFallback, tokenizer.HasByteFallback);
        Assert.Equal(leading, tokenizer.LeadingSpecialTokens);
        Assert.Equal(name == "smollm2-from-gguf" ? 49152 : 3000, tokenizer.VocabularySize);
        Assert.All(GoldenText.Read(name), golden =>
        {
            Assert.Equal(golden.Ids, tokenizer.Encode(golden.Text, addSpecialTokens: true));
            Assert.Equal(golden.IdsPlain, tokenizer.Encode(golden.Text, addSpecialTokens: false));
            Assert.Equal(golden.Decoded, tokenizer.Decode(golden.IdsPlain));
        });
    }

    [Fact]
    public void Special_tokens_stand_around_the_text_and_are_kept_when_decoding()
    {
        using var tokenizer = FromSmall();

        Assert.Equal([5, 2, 6], tokenizer.Encode("ab", addSpecialTokens: true));
        Assert.Equal([5, 6], tokenizer.Encode("", addSpecialTokens: true));
        Assert.Equal([2], tokenizer.Encode("ab", addSpecialTokens: false));
        Assert.Empty(tokenizer.Encode("", addSpecialTokens: false));
        Assert.Equal([5], tokenizer.LeadingSpecialTokens);
        Assert.Equal("<s>ab</s>", tokenizer.Decode([5, 2, 6]));
        Assert.Equal("", tokenizer.Decode([]));
    }

    [Fact]
    public void Special_tokens_spelled_out_and_nul_are_tokens_of_the_text()
    {
        using var tokenizer = FromSmall();

        Assert.Equal([5], tokenizer.Encode("<s>", addSpecialTokens: false));
        Assert.Equal([0, 3, 1, 6], tokenizer.Encode("a\0b</s>", addSpecialTokens: false));
        Assert.Equal("a\0b", tokenizer.Decode([0, 3, 1]));
        Assert.Equal([4, 4], tokenizer.Encode("  ", addSpecialTokens: false));
    }

    [Fact]
    public void Truncation_and_padding_of_the_file_are_ignored()
    {
        using var tokenizer = FromSmall(json =>
        {
            json["truncation"] = JsonNode.Parse("""{"direction":"Right","max_length":1,"strategy":"LongestFirst","stride":0}""");
            json["padding"] = JsonNode.Parse("""{"strategy":{"Fixed":9},"direction":"Right","pad_to_multiple_of":null,"pad_id":0,"pad_type_id":0,"pad_token":"a"}""");
        });

        Assert.Equal([2, 2, 2], tokenizer.Encode("ababab", addSpecialTokens: false));
    }

    [Fact]
    public void Post_processors_nest_from_the_inside_out()
    {
        using var tokenizer = FromSmall(json => json["post_processor"] = new JsonObject
        {
            ["type"] = "Sequence",
            ["processors"] = new JsonArray(
                JsonNode.Parse("""{"type":"BertProcessing","sep":["b",1],"cls":["a",0]}"""), json["post_processor"]!.DeepClone()),
        });

        Assert.Equal([5, 0, 2, 1, 6], tokenizer.Encode("ab", addSpecialTokens: true));
    }

    [Fact]
    public void Threads_get_the_same_ids()
    {
        using var tokenizer = FromSmall();
        var texts = Enumerable.Range(0, 2000).Select(i => new string('a', i % 7) + "b").ToArray();
        var expected = texts.Select(text => tokenizer.Encode(text, addSpecialTokens: true)).ToArray();

        var ids = texts.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(text => tokenizer.Encode(text, addSpecialTokens: true)).ToArray();

        Assert.Equal(expected, ids);
    }

    [Fact]
    public void Lone_surrogates_are_refused()
    {
        using var tokenizer = FromSmall();
        void Refuse(string text, string found) => Refused.With(() => tokenizer.Encode(text, addSpecialTokens: false), "surrogate", found);

        Refuse("a\ud83d", "U+D83D at character 1");
        Refuse("\udc00a", "U+DC00 at character 0");
        Refuse("\ud83d\ude00\ud83d\ud83d", "U+D83D at character 2");
    }

    [Theory]
    [InlineData(7)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Ids_that_no_token_has_are_refused(int id)
    {
        using var tokenizer = FromSmall();

        Refused.With(() => tokenizer.Decode([0, id]), "tokenizer.json", $"expected the id of a token (0 to 6), found {id}");
        Refused.With(() => tokenizer.Token(id), "tokenizer.json", $"expected the id of a token (0 to 6), found {id}");
    }

    [Fact]
    public void Tokens_are_those_of_the_vocabulary()
    {
        using var tokenizer = FromSmall();

        Assert.Equal(["a", "b", "ab", "\0", " ", "<s>", "</s>"], Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.Token));
    }

    [Fact]
    public void A_unigram_vocabulary_has_its_ids_from_its_order()
    {
        using var tokenizer = FromSmall(json =>
        {
            (json["added_tokens"], json["post_processor"]) = (new JsonArray(), null);
            json["model"] = JsonNode.Parse("""{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["a",-1],["ab",-1.5],["b",-2]],"byte_fallback":false}""");
        });

        Assert.Equal(["a", "ab"], tokenizer.Encode("aab", addSpecialTokens: true).Select(tokenizer.Token));
        Assert.Equal(4, tokenizer.VocabularySize);
    }

    [Fact]
    public void No_temporary_file_is_left_behind()
    {
        // Other tests write such files at the same time: ours are known by a token.
        var mark = Guid.NewGuid().ToString();
        var others = Directory.GetFiles(Path.GetTempPath(), "eckart-*.json").ToHashSet();
        JsonObject Marked() => new() { ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = mark }, ["content"] = "" };
        bool IsOurs(FileInfo file) => !others.Contains(file.FullName) && file.Exists && File.ReadAllText(file.FullName).Contains(mark, StringComparison.Ordinal);

        using var tokenizer = FromSmall(json => json["decoder"] = Marked());
        Refused.With(() => FromSmall(json => (json["decoder"], json["model"]!["merges"]) = (Marked(), 7)), "tokenizer.json", "library");

        Assert.DoesNotContain(new DirectoryInfo(Path.GetTempPath()).GetFiles("eckart-*.json"), IsOurs);
    }

    [Fact]
    public void Files_that_are_no_tokenizer_are_refused()
    {
        using var folder = new TemporaryFolder();
        void Refuse(string text, params string[] parts) => Refused.With(() => TextTokenizer.Load(folder.File("tokenizer.json", text)), ["tokenizer.json", .. parts]);

        Refuse("");
        Refuse(Small[..200]);
        Refuse("not json");
        Refuse("[]", "object");
        Refuse("null", "object");
        Refuse("{}", "model");
        Refuse("""{"model":{}, "model":{}}""", "model");
        Refuse(new string('[', 10_000), "JSON");
        Refused.With(() => TextTokenizer.Load(Path.Combine(folder.Path, "none.json")), "none.json");
    }

    public static TheoryData<string, string, string> Damages { get; } = new()
    {
        { """ "merges":[["a","b"]] """, """ "merges":[["a","z"]] """, "library" },
        { """ "merges":[["a","b"]] """, """ "merges":7 """, "library" },
        { """ "type":"BPE" """, """ "type":"XYZ" """, "library" },
        { """ "pre_tokenizer":null """, """ "pre_tokenizer":{"type":"Split","pattern":{"Regex":"("},"behavior":"Isolated","invert":false} """, "library" },
        { """ "pre_tokenizer":null """, """ "pre_tokenizer":[] """, "library" },
        { """ "version":"1.0" """, """ "version":"2.0" """, "library" },
        { """ "vocab":{ """, """ "vocab":7,"other":{ """, "model.vocab" },
        { """ "ab":2 """, """ "ab":"2" """, "model.vocab" },
        { """ "ab":2 """, """ "ab":-2 """, "model.vocab" },
        { """ "ab":2 """, """ "ab":2.5 """, "model.vocab" },
        { """ "ab":2 """, """ "ab":9999999999 """, "model.vocab" },
        { """ "ab":2 """, """ "ab":1 """, "expected an id for each token, found 1 for " },
        { """ "id":6,"content" """, """ "id":9,"content" """, "expected the id 6 for " },
        { """ "id":6,"content" """, """ "content" """, "added_tokens" },
        { """ "ids":[5] """, """ "ids":[50] """, "post_processor" },
        { """ "ids":[5] """, """ "ids":"5" """, "post_processor" },
        { """ "type":"TemplateProcessing" """, """ "type":"Other" """, "post_processor" },
        { """ "single":[ """, """ "single":[{"Sequence":{"id":"A","type_id":0}}, """, "2 times" },
        { """ "single":[ """, """ "one":[ """, "post_processor" },
        { """ "vocab":{ """, """ "vocab":{"\ud800":7, """, "surrogate" },
        { """ "type":"BPE" """, """ "type":"\ud800" """, "expected JSON, found a fault" },
        { """ "content":"<s>" """, """ "content":"\ud800" """, "expected JSON, found a fault" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Damage_is_refused_with_its_reason(string part, string damaged, string reason)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(part.Trim(), Small, StringComparison.Ordinal);
        var path = folder.File("tokenizer.json", Small.Replace(part.Trim(), damaged.Trim(), StringComparison.Ordinal));

        Refused.With(() => TextTokenizer.Load(path), "tokenizer.json", reason);
    }

    public static TheoryData<string, string, string> Crashes { get; } = new()
    {
        { """ "dropout":null """, """ "dropout":0.5 """, "model: expected no dropout, which leaves ids to chance, found '0.5'" },
        { """ "continuing_subword_prefix":null """, """ "continuing_subword_prefix":"####" """, "model: expected merges whose right part begins with '####', found 'b'" },
        { """ "continuing_subword_prefix":null """, """ "continuing_subword_prefix":"é" """, "model: expected merges whose right part begins with 'é', found 'b'" },
        { """ "pre_tokenizer":null """, """ "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"FixedLength","length":0}]} """, "pre_tokenizer: expected pieces of a length from 1, found 0" },
        { """ {"type":"Fuse"} """, """ {"type":"Sequence","decoders":[{"type":"Strip","content":" ","start":0,"stop":9}]} """, "decoder: expected a Strip that takes nothing off the end (stop 0), found '9'" },
        { """ {"type":"Fuse"} """, """ {"type":"Strip","content":" ","start":1,"stop":1} """, "decoder: expected a Strip" },
        { """ {"type":"Fuse"} """, """ {"type":"Fuse","more":[1e999]} """, "decoder: expected finite numbers, found '1e999'" },
        { """ "normalizer":null """, """ "normalizer":{"type":"Precompiled","precompiled_charsmap":"?"} """, "normalizer: expected a precompiled_charsmap, found no base64" },
        { """ "normalizer":null """, """ "normalizer":{"type":"Sequence","normalizers":[{"type":"Precompiled"}]} """, "expected a precompiled_charsmap, found no text" },
        { """ "normalizer":null """, """ "normalizer":{"type":"Precompiled","precompiled_charsmap":null} """, "found no text" },
        { """ "normalizer":null """, """ "normalizer":{"type":"Precompiled","precompiled_charsmap":"BAAAAP////8A "} """, "found no base64" },
        { """ "normalizer":null """, """ "normalizer":{"type":"Precompiled","precompiled_charsmap":""} """, "found 0 bytes" },
        { """ "normalizer":null """, """ "normalizer":{"type":"Precompiled","precompiled_charsmap":"/P///wAAAAA="} """, "found an array of 4294967292 bytes announced and 4 bytes left" },
        { """ "normalizer":null """, """ "normalizer":{"type":"Precompiled","precompiled_charsmap":"BAAAAP////8A"} """, "found a step to unit 1073741568 of 1" },
        { """ "normalizer":null """, """ "normalizer":{"type":"Precompiled","precompiled_charsmap":"BAAAAAAAAAD/"} """, "found texts that are not UTF-8" },
    };

    // Each would end the process, or leave ids to chance: nothing that the library throws could be caught.
    [Theory]
    [MemberData(nameof(Crashes))]
    public void What_the_library_would_not_survive_is_refused_before_it_sees_it(string part, string damaged, string reason) => Damage_is_refused_with_its_reason(part, damaged, reason);

    [Fact]
    public void A_precompiled_map_is_applied_and_refused_where_it_leads_out_of_itself()
    {
        // Three blocks of units: the first leads to the second, where a leads to the third, whose first unit says where the text is.
        byte[] Map(uint root, uint text, string texts)
        {
            var units = new uint[768];
            (units[0], units[256 ^ 'a'], units[512]) = (root << 10, ((uint)(256 ^ 'a' ^ 512) << 10) | (1 << 8) | 'a', 1u << 31 | text);
            return [.. BitConverter.GetBytes(4 * units.Length), .. units.SelectMany(BitConverter.GetBytes), .. System.Text.Encoding.UTF8.GetBytes(texts)];
        }

        TextTokenizer With(byte[] map) => FromSmall(json => json["normalizer"] = new JsonObject { ["type"] = "Precompiled", ["precompiled_charsmap"] = Convert.ToBase64String(map) });
        using (var tokenizer = With(Map(256, 0, "b\0"))) Assert.Equal([1, 1], tokenizer.Encode("ab", addSpecialTokens: false));
        using (var tokenizer = With(Map(256, 2, "é"))) Assert.Equal([1], tokenizer.Encode("ab", addSpecialTokens: false));

        Refused.With(() => With(Map(768, 0, "b\0")), "tokenizer.json: normalizer", "found a step to unit 768 of 768");
        Refused.With(() => With(Map(256, 1, "é")), "found a text at byte 1 of 2");
        Refused.With(() => With(Map(256, 3, "é")), "found a text at byte 3 of 2");
    }

    [Fact]
    public void What_never_ends_is_refused()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "no such device on this system");
        using var folder = new TemporaryFolder();
        var link = Path.Combine(folder.Path, "tokenizer.json");
        File.CreateSymbolicLink(link, "/dev/zero");

        Refused.With(() => TextTokenizer.Load(link), "tokenizer.json: expected a JSON file", "found 0");
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_and_a_long_reason_are_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();

        Refused.With(() => TextTokenizer.Load(folder.File("tokenizer.json", [.. "{\"model\":\""u8, 0xFF, .. "\"}"u8])), "tokenizer.json: expected a file in UTF-8");
        var refused = Assert.Throws<InputException>(() => FromSmall(json => json["model"]!["fuse_unk"] = new string('x', 100_000)));
        Assert.InRange(refused.Message.Length, 200, 800);
    }

    private static TextTokenizer FromSmall(Action<JsonObject>? change = null)
    {
        var json = JsonNode.Parse(Small)!.AsObject();
        change?.Invoke(json);
        return TextTokenizer.FromJson(json, "tokenizer.json");
    }
}
