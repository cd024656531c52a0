using System.Text.Json;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class TheoryTracingTests
{
    [Fact]
    public async Task Trace_prints_every_layer_and_head_and_writes_figures()
    {
        using var folder = new TemporaryFolder();
        var document = await CommandLine.Json("theory", "trace", "--shots", "4", "--intervention", "query@1:0.5", "--intervention", "mlp@-1:0.9", "--out", folder.Path, "--quiet");

        var traces = document.GetProperty("traces").EnumerateArray().ToArray();
        Assert.Equal(["none", "query@1:0.5"], traces[..2].Select(trace => trace.GetProperty("intervention").GetString()));
        Assert.Equal(4, document.GetProperty("shots").GetInt32());
        Assert.Equal("first-order", document.GetProperty("form").GetString());
        Assert.True(document.GetProperty("demonstration_tokens").GetInt32() < document.GetProperty("tokens").GetInt32());
        Assert.All(traces[0].GetProperty("layers").EnumerateArray(), layer =>
        {
            var heads = layer.GetProperty("heads").EnumerateArray().ToArray();
            Assert.NotEmpty(heads);
            Assert.True(layer.GetProperty("update_norm").GetDouble() <= heads.Sum(head => head.GetProperty("update_norm").GetDouble()) * (1 + 1e-9));     // a sum of matrices
            Assert.Equal(heads.Average(Attention), Attention(layer), 1e-9);
        });
        Assert.True(Norm(traces[1], 1) < Norm(traces[0], 1));
        Assert.Equal(Norm(traces[0], 0), Norm(traces[1], 0));
        var moved = traces[2].GetProperty("against_unedited").GetProperty("updates");
        Assert.Equal((0, 0), (moved.GetProperty("fell").GetInt32(), moved.GetProperty("rose").GetInt32()));       // behind the last MLP is no attention
        foreach (var name in new[] { "updates", "gradients", "shares", "errors" })
            Assert.All([".png", ".svg"], extension => Assert.True(File.Exists(Path.Combine(folder.Path, name + extension))));
        Assert.Equal(JsonSerializer.Serialize(document), JsonSerializer.Serialize(JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Path, "trace.json"))).RootElement));
    }

    [Theory]
    [InlineData("trace")]
    [InlineData("patch")]
    [InlineData("bound", "--layer", "all")]
    public async Task A_folder_that_cannot_be_one_is_refused_before_the_model_is_looked_for(string verb, params string[] more)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("a.txt", "mine");

        await CommandLine.Refuses(["theory", verb, "--model", "nowhere", "--out", file, "--quiet", .. more], $"eckart: {file}: expected a folder to write to, found a file; name another --out");
        await CommandLine.Refuses(["theory", verb, "--model", "nowhere", "--out", Path.Combine(file, "b"), "--quiet", .. more], $"expected a folder to write to, found a file {file}; name another --out");
    }

    [Fact]
    public async Task One_demonstration_and_one_item_are_said_as_one()
    {
        var (_, trace, _) = await CommandLine.Run("theory", "trace", "--shots", "1", "--quiet");
        var (_, bound, _) = await CommandLine.Run("theory", "bound", "--shots", "2", "--test", "1", "--intervention", "query@1:0.5", "--quiet");

        Assert.Contains(", 1 demonstration, seed ", trace, StringComparison.Ordinal);
        Assert.Contains("; 1 test item, unedited accuracy ", bound, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_trace_is_the_same_bytes_whatever_the_threads()
    {
        var one = await CommandLine.Run("theory", "trace", "--shots", "3", "--intervention", "all@1:0.5", "--threads", "1", "--quiet");
        var many = await CommandLine.Run("theory", "trace", "--shots", "3", "--intervention", "all@1:0.5", "--threads", "3", "--quiet");

        Assert.Equal((0, one.Output), (many.Exit, many.Output));
        Assert.Contains("softmax in the linear form: over all T tokens to first order", one.Output, StringComparison.Ordinal);
        Assert.Contains("all@1:0.5: ‖ΔW‖ fell in ", one.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patch_says_the_same_without_demonstrations_in_every_layer()
    {
        using var folder = new TemporaryFolder();
        var document = await CommandLine.Json("theory", "patch", "--intervention", "mlp@1:0.5", "--out", folder.Path, "--quiet");

        var patches = document.GetProperty("patches").EnumerateArray().ToArray();
        Assert.Equal(2, patches.Length);
        Assert.All(patches, patch =>
        {
            Assert.True(patch.GetProperty("largest_error").GetDouble() < 1e-4);
            Assert.All(patch.GetProperty("layers").EnumerateArray(), layer => Assert.True(layer.GetProperty("together_error").GetDouble() < layer.GetProperty("unpatched_error").GetDouble() / 100));
        });
        Assert.True(File.Exists(Path.Combine(folder.Path, "patches.svg")));
        var (exit, text, _) = await CommandLine.Run("theory", "patch", "--shots", "2", "--quiet");
        Assert.Equal(0, exit);
        Assert.Contains("none: largest error of a patched layer", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bound_gives_differences_beside_what_was_measured()
    {
        string[] args = ["theory", "bound", "--shots", "4", "--given", "1", "--layer", "1,-1", "--rates", "0.5,0.9", "--intervention", "drop@2", "--test", "24", "--epsilons", "1e-3,1", "--quiet"];
        var document = await CommandLine.Json(args);

        var interventions = document.GetProperty("interventions").EnumerateArray().ToArray();
        Assert.Equal("drop@2 mlp@1:0.5 mlp@1:0.9 mlp@2:0.5 mlp@2:0.9", string.Join(' ', interventions.Select(one => one.GetProperty("intervention").GetString())));
        Assert.All(interventions, one => Assert.Equal(2, one.GetProperty("gradient").GetArrayLength()));
        Assert.True(interventions[0].GetProperty("gradient")[0].GetProperty("difference").GetDouble() < 0);
        Assert.All(interventions[3..], one => Assert.Equal(0, one.GetProperty("printed")[1].GetProperty("difference").GetDouble()));       // the last MLP is behind all attention
        Assert.Equal(24, document.GetProperty("items").GetProperty("n").GetInt32());
        Assert.Equal(6, document.GetProperty("rank_correlations").GetArrayLength());
        var evaluated = await CommandLine.Json("evaluate", "--shots", "4", "--test", "24", "--intervention", "drop@2", "--quiet");
        Assert.Equal(evaluated.GetProperty("accuracy").GetDouble() - evaluated.GetProperty("before").GetProperty("accuracy").GetDouble(), interventions[0].GetProperty("accuracy_change").GetDouble(), 1e-12);
        var (_, text, _) = await CommandLine.Run(args);
        Assert.Contains("ε = 1e-3: rank correlation of the bound's change with that of accuracy", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trace --shots 0", "expected demonstrations", "found none", "--shots")]
    [InlineData("patch --shots 0", "expected demonstrations", "found none", "--shots")]
    [InlineData("trace --item -1", "--item", "found '-1'")]
    [InlineData("trace --item 999999", "--item", "a place from 0 to")]
    [InlineData("trace --split train", "--split", "validation or test")]
    [InlineData("trace --form softmax", "--form", "first-order, paper")]
    [InlineData("trace --intervention mlp@99:0.5", "intervention mlp@99:0.5", "expected a layer")]
    [InlineData("bound", "expected interventions", "--layer")]
    [InlineData("bound --intervention drop@1 --epsilons 1e-3,0", "--epsilons", "above 0", "'0'")]
    [InlineData("bound --intervention drop@1 --shots 1", "N of at least 2", "found 1")]
    [InlineData("bound --intervention drop@1 --shots 4 --given 5", "b from 1 to N = 4", "found 5")]
    [InlineData("bound --intervention drop@1 --epsilons 1e-3,-1", "--epsilons", "above 0", "'-1'")]
    [InlineData("bound --intervention drop@1 --epsilons 1e308", "--epsilons", "from 1e-100 to 1e100", "'1e308'")]
    [InlineData("bound --intervention drop@1 --epsilons NaN", "--epsilons", "above 0", "'NaN'")]
    [InlineData("bound --intervention drop@1 --shots 4 --given 0", "b from 1 to N = 4", "found 0")]
    [InlineData("bound --layer one", "--layer", "'one'")]
    public async Task Bad_input_is_refused(string line, params string[] parts) =>
        await CommandLine.Refuses(["theory", .. line.Split(' '), "--quiet"], parts);

    [Theory]
    [InlineData("trace", "model.layers.1.self_attn.v_proj.weight", "under none", "finite query and output weights, keys and values", "layer 1")]
    [InlineData("trace", "model.layers.1.self_attn.q_proj.weight", "under none", "finite query and output weights, keys and values", "layer 1")]
    [InlineData("trace", "model.layers.2.self_attn.o_proj.weight", "under none", "finite query and output weights, keys and values", "layer 2")]
    [InlineData("trace", "model.layers.2.mlp.down_proj.weight", "under none", "finite hidden states", "behind the last layer")]
    [InlineData("bound", "model.layers.1.self_attn.k_proj.weight", "under none", "finite query and output weights, keys and values", "layer 1")]
    [InlineData("bound", "model.layers.0.mlp.up_proj.weight", "under none", "finite hidden states", "input of layer 1")]
    [InlineData("patch", "model.layers.1.self_attn.v_proj.weight", "under none", "finite hidden states", "input of layer 2")]
    [InlineData("patch", "model.layers.2.mlp.down_proj.weight", "under none", "finite hidden states", "behind the last layer")]
    public async Task Weights_that_are_not_finite_are_refused_by_layer(string verb, string weight, params string[] parts)
    {
        using var words = new Words();
        var broken = words.ModelWith("broken", weights => weights[weight].Values[5] = float.NaN);

        await CommandLine.Refuses(["theory", verb, "--model", broken, "--task", words.Task, "--quiet", .. verb == "bound" ? ["--intervention", "drop@1"] : Array.Empty<string>()], ["words test row", .. parts]);
    }

    [Fact]
    public async Task A_task_that_scores_whole_texts_is_refused() =>
        await CommandLine.Refuses(
            ["theory", "trace", "--model", Shared.Find(Shared.SmolLm2), "--task", "copa", "--protocol", "authors", "--shots", "4", "--data", Shared.Find("data"), "--quiet"],
            "copa test row", "found a whole text a choice", "--protocol");

    private static double Attention(JsonElement one) => one.GetProperty("attention_on_demonstrations").GetDouble();

    private static double Norm(JsonElement trace, int layer) => trace.GetProperty("layers")[layer].GetProperty("update_norm").GetDouble();
}
