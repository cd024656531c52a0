using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Formats.Tokenizers;
using Eckart.Models;
using Eckart.Tests.Support;
using TorchSharp;

namespace Eckart.Tests.Export;

public sealed class GgufExportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Out => Path.Combine(folder.Path, "out");

    [Theory]
    [InlineData("none")]
    [InlineData("all@1:0.5")]
    [InlineData("drop@0+query@1:0.75+mlp@2:0.9")]
    public void It_becomes_a_folder_of_float32_with_the_same_logits(string intervention)
    {
        var source = TinyGguf.Write(folder);

        SomeExport.Write(source, Out, intervention);

        SomeExport.AssertClose(SomeExport.LogitsUnder(source, intervention, torch.float32), SomeExport.Logits(Out), 1e-5);
        var stored = new StoredFile(Path.Combine(Out, "model.safetensors"));
        Assert.All(stored.Names, name => Assert.Equal("F32", stored.Type(name)));
        Assert.Equal("""{"format":"pt"}""", stored.Header.GetProperty("__metadata__").GetRawText());
        Assert.Equal(["README.md", "config.json", "model.safetensors"], Directory.GetFiles(Out).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("gpt2")]
    public void Other_architectures_become_the_folder_that_they_were_made_of(string modelType)
    {
        var (original, source) = RandomGguf.Write(folder, modelType);

        SomeExport.Write(source, Out, "none");
        SomeExport.Write(source, Path.Combine(folder.Path, "edited"), "key@0:0.5+mlp@0:0.75");

        var (same, stored) = (new StoredFile(Path.Combine(original, "model.safetensors")), new StoredFile(Path.Combine(Out, "model.safetensors")));
        using Checkpoint before = Checkpoint.Open(original), after = Checkpoint.Open(Out);
        Assert.Equal(same.Names.Except(before.UnusedTensors).Order(StringComparer.Ordinal), stored.Names.Order(StringComparer.Ordinal));
        Assert.All(stored.Names, name => Assert.Equal((same.Shape(name), Convert.ToHexString(same.Bytes(name))), (stored.Shape(name), Convert.ToHexString(stored.Bytes(name)))));
        Assert.Equal(before.Spec, after.Spec);
        SomeExport.AssertClose(SomeExport.LogitsUnder(original, "key@0:0.5+mlp@0:0.75", torch.float32), SomeExport.Logits(Path.Combine(folder.Path, "edited")), 1e-5);
    }

    [Fact]
    public void Unedited_tensors_are_those_of_the_same_model_in_a_folder_rotary_halves_included()
    {
        var source = TinyGguf.Write(folder);

        SomeExport.Write(source, Out, "value@1:0.5");

        var (same, stored) = (new StoredFile(Path.Combine(folder.Path, "tiny", "model.safetensors")), new StoredFile(Path.Combine(Out, "model.safetensors")));
        Assert.Equal(same.Names.Order(StringComparer.Ordinal), stored.Names.Order(StringComparer.Ordinal));
        foreach (var name in same.Names)
        {
            Assert.Equal(same.Shape(name), stored.Shape(name));
            Assert.Equal(name != "model.layers.1.self_attn.v_proj.weight", same.Bytes(name).AsSpan().SequenceEqual(stored.Bytes(name)));
        }
    }

    [Fact]
    public void Bf16_halves_it_and_every_weight_is_rounded_to_nearest()
    {
        var source = TinyGguf.Write(folder);

        SomeExport.Write(source, Out, "mlp@1:0.5", settings => settings with { Type = "BF16" });

        SomeExport.AssertClose(SomeExport.LogitsUnder(source, "mlp@1:0.5", torch.bfloat16, all: true), SomeExport.Logits(Out), 1e-5);
        var stored = new StoredFile(Path.Combine(Out, "model.safetensors"));
        Assert.All(stored.Names, name => Assert.Equal("BF16", stored.Type(name)));
        Assert.Equal("bfloat16", (string?)Json("config.json")["torch_dtype"]);
    }

    [Fact]
    public void Its_tokenizer_and_its_settings_come_along_in_transformers_words()
    {
        var source = TinyGguf.Write(folder, [.. TinyGguf.Keys, .. TinyGguf.Tokenizer, ("tokenizer.chat_template", "{{ messages }}"), ("general.license", "mit"), ("llama.rope.scaling.type", "linear"), ("llama.rope.scaling.factor", 2f)]);

        SomeExport.Write(source, Out, "mlp@1:0.5");

        var (config, tokenizer) = (Json("config.json"), Json("tokenizer_config.json"));
        Assert.Equal(("LlamaForCausalLM", 0, 1, 3), ((string?)config["architectures"]![0], (int)config["bos_token_id"]!, (int)config["eos_token_id"]!, (int)config["num_hidden_layers"]!));
        Assert.Equal("""{"rope_type":"linear","factor":2}""", config["rope_scaling"]!.ToJsonString());
        Assert.Equal("""{"bos_token_id":0,"eos_token_id":1}""", Json("generation_config.json").ToJsonString());
        Assert.Equal(("PreTrainedTokenizerFast", 256, "{{ messages }}"), ((string?)tokenizer["tokenizer_class"], (int)tokenizer["model_max_length"]!, (string?)tokenizer["chat_template"]));
        Assert.Contains("license: \"mit\"\n", File.ReadAllText(Path.Combine(Out, "README.md")), StringComparison.Ordinal);
        using var checkpoint = Checkpoint.Open(Out);
        using var original = Checkpoint.Open(source);
        Assert.Equal(original.Spec, checkpoint.Spec);
        using TextTokenizer there = checkpoint.LoadTokenizer(), here = original.LoadTokenizer();
        Assert.Equal(here.Encode("ein Apfel, 12 €", addSpecialTokens: true), there.Encode("ein Apfel, 12 €", addSpecialTokens: true));
    }

    [Fact]
    public void A_type_is_for_files_that_have_none_of_transformers_and_a_folder_keeps_its_own()
    {
        var source = TinyModel.Write(folder);

        Refused.With(() => SomeExport.Write(source, Out, "none", settings => settings with { Type = "BF16" }), "tiny: expected a GGUF file where a type is asked for, found a folder", "(F32); leave --dtype out");
    }

    [Fact]
    public void A_token_that_is_none_is_refused()
    {
        var source = TinyGguf.Write(folder, [.. TinyGguf.Keys, .. TinyGguf.Tokenizer.Where(key => !key.Key.Contains("eos", StringComparison.Ordinal)), ("tokenizer.ggml.eos_token_id", 256u)]);

        Assert.Throws<InputException>(() => SomeExport.Write(source, Out, "none"));

        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void The_folder_that_holds_the_file_is_not_replaced()
    {
        var source = TinyGguf.Write(folder);
        folder.File("config.json", "{}");

        Refused.With(() => SomeExport.Write(source, folder.Path, "none", settings => settings with { Replace = true }), "holds the source");

        Assert.True(File.Exists(source));
    }

    private JsonObject Json(string name) => (JsonObject)JsonNode.Parse(File.ReadAllBytes(Path.Combine(Out, name)))!;
}
