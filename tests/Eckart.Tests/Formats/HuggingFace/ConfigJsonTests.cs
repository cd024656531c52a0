using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Formats.HuggingFace;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.HuggingFace;

public sealed class ConfigJsonTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Gives_values_by_their_kind()
    {
        var config = Load("""{"model_type":"llama","hidden_size":48,"rms_norm_eps":1e-05,"rope_theta":10000,"tie_word_embeddings":false,"layer_types":["full_attention"],"shift":-1}""");

        Assert.Equal("llama", config.Text("model_type"));
        Assert.Equal(48, config.Integer("hidden_size", 1, 48));
        Assert.Equal(-1, config.OptionalInteger("shift", -1, 0));
        Assert.Equal(1e-5, config.Number("rms_norm_eps", 0));
        Assert.Equal(10_000, config.OptionalNumber("rope_theta", 10_000));
        Assert.False(config.OptionalBoolean("tie_word_embeddings"));
        Assert.Equal(["layer_types"], config.UnreadKeys);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"k":null}""")]
    public void An_optional_key_that_is_absent_or_null_is_null(string json)
    {
        var config = Load(json);

        Assert.Null(config.OptionalInteger("k", 1, 2));
        Assert.Null(config.OptionalNumber("k", 0));
        Assert.Null(config.OptionalBoolean("k"));
        Assert.Null(config.OptionalText("k"));
        Assert.Null(config.Section("k"));
        Assert.Equal(json.Contains("null", StringComparison.Ordinal), config.IsNull("k"));
    }

    [Theory]
    [InlineData("{}", "found no such key")]
    [InlineData("""{"k":null}""", "found null")]
    public void Refuses_a_required_key_that_is_absent_or_null(string json, string found)
    {
        var config = Load(json);

        Refused.With(() => config.Integer("k", 1, 9), "config.json: key 'k': expected a whole number from 1 to 9", found, "saved with the weights");
        Refused.With(() => config.Number("k", 0.5), "config.json: key 'k': expected a finite number of at least 0.5", found);
        Refused.With(() => config.Text("k"), "config.json: key 'k': expected a text", found);
    }

    [Theory]
    [InlineData("\"48\"", "the text '48'")]
    [InlineData("48.0", "'48.0'")]
    [InlineData("48.5", "'48.5'")]
    [InlineData("4.8e1", "'4.8e1'")]
    [InlineData("0", "'0'")]
    [InlineData("-48", "'-48'")]
    [InlineData("1000000000", "'1000000000'")]
    [InlineData("2147483648", "'2147483648'")]
    [InlineData("100000000000000000000", "'100000000000000000000'")]
    [InlineData("true", "true")]
    [InlineData("[48]", "a list")]
    [InlineData("{}", "an object")]
    public void Refuses_what_is_no_size(string value, string found)
    {
        var config = Load($$$"""{"num_hidden_layers":{{{value}}}}""");

        Refused.With(() => config.Integer("num_hidden_layers", 1, 10_000), "config.json: key 'num_hidden_layers': expected a whole number from 1 to 10000", $"found {found};");
        Refused.With(() => config.OptionalInteger("num_hidden_layers", 1, 10_000), $"found {found};");
    }

    [Theory]
    [InlineData("\"1e-5\"", "the text '1e-5'")]
    [InlineData("-1", "'-1'")]
    [InlineData("1e999", "'1e999'")]
    [InlineData("-1e999", "'-1e999'")]
    [InlineData("false", "false")]
    public void Refuses_what_is_no_number(string value, string found)
    {
        var config = Load($$$"""{"rms_norm_eps":{{{value}}}}""");

        Refused.With(() => config.Number("rms_norm_eps", 0), "config.json: key 'rms_norm_eps': expected a finite number of at least 0", $"found {found};");
        Refused.With(() => config.OptionalNumber("rms_norm_eps", 0), $"found {found};");
    }

    [Fact]
    public void Refuses_another_kind_of_value()
    {
        var config = Load("""{"number":1,"text":"true","list":["a",1],"object":{}}""");

        Refused.With(() => config.OptionalBoolean("number"), "key 'number': expected true or false, found '1'");
        Refused.With(() => config.OptionalBoolean("text"), "key 'text': expected true or false, found the text 'true'");
        Refused.With(() => config.Text("number"), "key 'number': expected a text, found '1'");
        Refused.With(() => config.OptionalText("object"), "key 'object': expected a text, found an object");
        Refused.With(() => config.Section("list"), "key 'list': expected an object, found a list");
    }

    [Fact]
    public void A_section_names_its_keys_by_their_path()
    {
        var config = Load("""{"rope_scaling":{"factor":"2","inner":{"x":1}}}""");

        Refused.With(() => config.Section("rope_scaling")!.Number("factor", 1), "config.json: key 'rope_scaling.factor': expected a finite number of at least 1, found the text '2'");
        Refused.With(() => config.Section("rope_scaling")!.Section("inner")!.Text("x"), "key 'rope_scaling.inner.x'");
    }

    [Fact]
    public void Lists_the_keys_that_nobody_asked_for()
    {
        var config = Load("""{"used":1,"unknown":2,"nothing":null,"rope_scaling":{"factor":2.0,"kind":"x"},"quantization_config":{"bits":4},"more":{"a":1}}""");
        config.Integer("used", 0, 1);
        config.Section("rope_scaling")!.Number("factor", 1);
        config.Section("rope_scaling");

        Assert.Equal(["unknown", "rope_scaling.kind", "quantization_config", "more"], config.UnreadKeys);
    }

    [Fact]
    public void Builds_the_refusal_of_a_known_key()
    {
        var refusal = Load("""{"s":{"hidden_act":"swish7"}}""").Section("s")!.Refuse("hidden_act", "expected silu or gelu, found 'swish7'", "use a supported model");

        Assert.EndsWith("config.json: key 's.hidden_act': expected silu or gelu, found 'swish7'; use a supported model", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "found 0")]
    [InlineData(" ", "expected JSON")]
    [InlineData("{\"hidden_size\":4", "expected JSON")]
    [InlineData("not JSON", "expected JSON")]
    [InlineData("[]", "expected a JSON object")]
    [InlineData("null", "expected a JSON object")]
    [InlineData("""{"a":1,"a":2}""", "expected JSON")]
    [InlineData("""{"s":{"a":1,"\u0061":2}}""", "expected JSON")]
    [InlineData("""{"a":NaN}""", "expected JSON")]
    [InlineData("""{"a":Infinity}""", "expected JSON")]
    [InlineData("""{"a":-Infinity}""", "expected JSON")]
    [InlineData("""{"a":"\ud800"}""", "expected JSON")]
    [InlineData("""{"\udc00":1}""", "expected JSON")]
    [InlineData("{} {}", "expected JSON")]
    public void Refuses_a_file_that_is_not_one_object(string text, string found) => Refused.With(() => Load(text), "config.json", found);

    [Theory]
    [InlineData("""{"hidden_size":16,"rms_norm_eps":NaN}""", "key 'rms_norm_eps': expected JSON, found a fault: 'N'")]
    [InlineData("""{"rms_norm_eps":-Infinity,"hidden_size":16}""", "key 'rms_norm_eps': expected JSON, found a fault")]
    [InlineData("""{"rope_scaling":{"factor":1.e5}}""", "key 'factor': expected JSON, found a fault")]
    [InlineData("""{"num_hidden_layers":""", "key 'num_hidden_layers': expected JSON, found a fault")]
    [InlineData("""{"a":"\ud800"}""", "key 'a': expected JSON, found a fault")]
    public void Names_the_key_of_a_value_that_is_not_JSON(string text, string found) => Refused.With(() => Load(text), "config.json: ", found);

    [Fact]
    public void Refuses_a_file_longer_than_any_configuration()
    {
        var path = folder.File("config.json", $"{{\"a\":[{string.Join(',', Enumerable.Repeat('0', 5_000_000))}]}}");

        Allocated.WithinReason(path, () => Refused.With(() => ConfigJson.Load(path), "config.json: expected a JSON file of 1 to 1048576 bytes, found 10000007"));
    }

    [Fact]
    public void Refuses_nesting_10000_deep() =>
        Refused.With(() => Load($"{{\"a\":{new string('[', 10_000)}{new string(']', 10_000)}}}"), "config.json", "expected JSON");

    [Fact]
    public void Refuses_what_is_no_file_and_what_is_not_UTF8()
    {
        Refused.With(() => ConfigJson.Load(Path.Combine(folder.Path, "config.json")), "config.json", "found no such file");
        Refused.With(() => ConfigJson.Load(folder.Path), folder.Path, "cannot be read");
        Refused.With(() => ConfigJson.Load(folder.File("config.json", [(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)'}'])), "config.json", "UTF-8");
    }

    [Fact]
    public void Refuses_what_never_ends()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "no such device on this system");
        var link = Path.Combine(folder.Path, "config.json");
        File.CreateSymbolicLink(link, "/dev/zero");

        Refused.With(() => ConfigJson.Load("/dev/zero"), "/dev/zero: expected a JSON file", "found 0");
        Refused.With(() => ConfigJson.Load(link), "config.json: expected a JSON file", "found 0");
    }

    [Fact]
    public void Takes_an_object_made_in_memory_like_one_from_a_file()
    {
        var config = ConfigJson.FromJson(
            new JsonObject { ["layers"] = 4u, ["wide"] = 5_000_000_000L, ["eps"] = 1e-5f, ["nan"] = float.NaN, ["infinite"] = double.PositiveInfinity, ["name"] = "x", ["flag"] = true },
            "tiny.gguf");

        Assert.Equal(4, config.Integer("layers", 1, 9));
        Assert.Equal(1e-5, config.Number("eps", 0));
        Assert.Equal("x", config.Text("name"));
        Assert.True(config.OptionalBoolean("flag"));
        Refused.With(() => config.Integer("wide", 1, 9), "tiny.gguf: key 'wide'", "found '5000000000'");
        Refused.With(() => config.Integer("name", 1, 9), "tiny.gguf: key 'name'", "found the text 'x'");
        Refused.With(() => config.Number("nan", 0), "tiny.gguf: key 'nan'", "found a number that is not finite");
        Refused.With(() => config.Number("infinite", 0), "tiny.gguf: key 'infinite'", "found a number that is not finite");
    }

    [Fact]
    public void Reads_the_config_of_every_reference_checkpoint()
    {
        foreach (var checkpoint in Directory.GetDirectories(Shared.Find("golden/checkpoints")))
        {
            var config = ConfigJson.Load(Path.Combine(checkpoint, "config.json"));

            Assert.Equal(48, config.OptionalInteger("hidden_size", 1, 1000) ?? config.Integer("n_embd", 1, 1000));
            Assert.Contains("vocab_size", config.UnreadKeys);
            Assert.Equal(307, config.Integer("vocab_size", 1, 1000));
            Assert.DoesNotContain("vocab_size", config.UnreadKeys);
        }
    }

    private ConfigJson Load(string json) => ConfigJson.Load(folder.File("config.json", json));
}
