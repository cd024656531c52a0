using System.Text.Json.Nodes;
using Eckart.Models;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class ModelsCommandTests
{
    [Fact]
    public async Task Families_are_listed()
    {
        var (exit, output, _) = await CommandLine.Run("models");
        var document = await CommandLine.Json("models");

        Assert.Equal(0, exit);
        Assert.Contains("llama ", output, StringComparison.Ordinal);
        Assert.Equal("families embedded", document.Names());
        Assert.Equal(["functions", "microworld-gptj", "microworld-llama"], document.GetProperty("embedded").EnumerateArray().Select(name => name.GetString()!));
        Assert.Contains("embedded models: functions, microworld-gptj, microworld-llama\n", output, StringComparison.Ordinal);
        Assert.All(document.GetProperty("families").EnumerateArray(), family => Assert.Equal("model_type title gguf", family.Names()));
    }

    [Fact]
    public async Task Show_describes_a_checkpoint()
    {
        using var words = new Words();

        var (exit, output, _) = await CommandLine.Run("models", "show", words.Model);
        var document = await CommandLine.Json("models", "show", words.Model);

        Assert.Equal(0, exit);
        Assert.Contains("Query (16, 16), Key (8, 16)", output, StringComparison.Ordinal);
        Assert.Contains("unused_tensors     none", output, StringComparison.Ordinal);
        Assert.Equal("llama", document.GetProperty("family").GetString());
        Assert.Equal(256, document.GetProperty("positions").GetInt32());
        Assert.Equal(256 * 16 + 16 + (3 * (32 + 768 + 1152)), document.GetProperty("parameters").GetInt64());
    }

    [Theory]
    [InlineData("gpt2", "rotary", "none: positions are learned")]
    [InlineData("gpt2", "residual", "sequential")]
    [InlineData("gptj", "residual", "parallel")]
    [InlineData("llama", "window", null)]
    public async Task Show_says_what_distinguishes_the_families(string modelType, string fact, string? value)
    {
        using var folder = new TemporaryFolder();
        var model = RandomModel.Write(folder, FamilyTable.All.Single(family => family.ModelType == modelType), new Random(1));

        Assert.Equal(value, (await CommandLine.Json("models", "show", model)).GetProperty(fact).GetString());
    }

    [Theory]
    [InlineData(""" "sliding_window": 7 """, "7 in every layer")]
    [InlineData(""" "sliding_window": 7, "layer_types": ["full_attention", "sliding_attention", "sliding_attention"] """, "7 in layers 1, 2")]
    public async Task Show_says_where_the_window_is(string keys, string value)
    {
        using var folder = new TemporaryFolder();
        var model = TinyModel.Write(folder);
        var config = TinyModel.LlamaConfig();
        foreach (var (key, node) in JsonNode.Parse($"{{{keys}, \"model_type\": \"mistral\"}}")!.AsObject()) config[key] = node!.DeepClone();
        folder.File("tiny/config.json", config.ToJsonString());

        Assert.Equal(value, (await CommandLine.Json("models", "show", model)).GetProperty("window").GetString());
    }

    [Fact]
    public async Task Checkpoints_that_cannot_be_used_are_refused()
    {
        using var words = new Words();

        await Refuses(words["nowhere"], "nowhere: expected a model folder or a .gguf file");
        await Refuses(words.ModelConfigured("family", "model_type", "lama"), "config.json", "'lama'", "llama");
        await Refuses(words.ModelConfigured("narrow", "hidden_size", 20), "narrow");
        await Refuses(words.ModelWith("less", weights => weights.Remove("model.layers.2.mlp.down_proj.weight")), "model.layers.2.mlp.down_proj.weight");
        await Refuses(words.ModelWith("short", weights => weights["model.norm.weight"] = ([15], new float[15])), "model.norm.weight", "15");
        words.ModelWith("cut", _ => { });
        words.File("cut/config.json", "{\"model_type\"");
        await Refuses(words["cut"], "config.json");
        var torn = words.ModelWith("torn", _ => { });
        await File.WriteAllBytesAsync(Path.Combine(torn, "model.safetensors"), [1, 2, 3], TestContext.Current.CancellationToken);
        await Refuses(torn, "model.safetensors");

        async Task Refuses(string model, params string[] parts)
        {
            await CommandLine.Refuses(["models", "show", model], ["eckart: ", "expected ", "; ", .. parts]);
            await CommandLine.Refuses(["search", "--model", model, "--task", words.Task, "--out", words["run"]], parts);
            Assert.False(Directory.Exists(words["run"]));
        }
    }
}
