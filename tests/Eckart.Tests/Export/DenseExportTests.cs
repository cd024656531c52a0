using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Eckart.Models;
using Eckart.Tests.Support;
using TorchSharp;

namespace Eckart.Tests.Export;

public sealed partial class DenseExportTests : IDisposable
{
    private const double Tolerance = 1e-5;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Out => Path.Combine(folder.Path, "out");

    public static TheoryData<string, string, string> Goldens => new(
        from checkpoint in new[] { ("llama", "F32"), ("llama-gqa-tied", "F32"), ("llama3-rope", "F32"), ("llama-yarn", "F32"), ("mistral", "F32"), ("qwen2", "F32"), ("qwen3", "F32"), ("gpt2", "F32"), ("gpt_neox", "F32"), ("llama-legacy-sharded-bf16", "BF16"), ("gptj", "F32"), ("gptj-legacy-fp16", "F16") }
        from intervention in new[] { "none", "mlp@1:0.75", "all@-1:0.5+query@0:0.9", "drop@1", "drop@0+drop@2+attention@3:0.75" }
        select (checkpoint.Item1, checkpoint.Item2, intervention));

    [Theory]
    [MemberData(nameof(Goldens))]
    public void A_reference_checkpoint_reads_back_to_the_logits_of_the_intervention(string name, string type, string intervention)
    {
        var source = Shared.Find($"golden/checkpoints/{name}");

        var matrices = SomeExport.Write(source, Out, intervention);

        var stored = type switch { "BF16" => torch.bfloat16, "F16" => torch.float16, _ => torch.float32 };
        SomeExport.AssertClose(SomeExport.LogitsUnder(source, intervention, stored), SomeExport.Logits(Out), Tolerance);
        AssertOthersAreByteEqual(source, Out, [.. matrices.Select(matrix => matrix.Tensor)], NewName(intervention));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_model_of_odd_sizes_reads_back_to_the_logits_of_the_intervention(int seed)
    {
        foreach (var family in FamilyTable.All)
        {
            var random = new Random(seed);
            var source = RandomModel.Write(folder, family, random);
            var module = new[] { "mlp", "attention", "all", "down" }[random.Next(4)];
            var intervention = $"{module}@-1:0.{random.Next(1, 10)}";
            var target = Path.Combine(folder.Path, $"{family.ModelType}-out");

            var matrices = SomeExport.Write(source, target, intervention);

            SomeExport.AssertClose(SomeExport.LogitsUnder(source, intervention, torch.float32), SomeExport.Logits(target), Tolerance);
            AssertOthersAreByteEqual(source, target, [.. matrices.Select(matrix => matrix.Tensor)], name => name);
        }
    }

    [Fact]
    public void Shards_keep_their_files_and_their_index_and_dropped_layers_leave_both()
    {
        var source = Shared.Find("golden/checkpoints/llama-legacy-sharded-bf16");

        SomeExport.Write(source, Out, "down@2:0.5");
        var dropped = Path.Combine(folder.Path, "dropped");
        SomeExport.Write(source, dropped, "drop@2");

        const string Index = "model.safetensors.index.json";
        Assert.Equal(File.ReadAllBytes(Path.Combine(source, Index)), File.ReadAllBytes(Path.Combine(Out, Index)));
        Assert.Equal(File.ReadAllBytes(Path.Combine(source, "config.json")), File.ReadAllBytes(Path.Combine(Out, "config.json")));
        var (before, after) = (Json(source, Index), Json(dropped, Index));
        Assert.Equal(3, Json(dropped, "config.json")["num_hidden_layers"]!.GetValue<int>());
        var left = ((JsonObject)before["weight_map"]!).Where(pair => !pair.Key.Contains("layers.2.", StringComparison.Ordinal)).ToArray();
        Assert.Equal(left.Select(pair => (pair.Key.Replace("layers.3.", "layers.2.", StringComparison.Ordinal), (string?)pair.Value)), ((JsonObject)after["weight_map"]!).Select(pair => (pair.Key, (string?)pair.Value)));
        var removed = Directory.GetFiles(source, "model-*.safetensors").Sum(file => new FileInfo(file).Length - new StoredFile(file).Start.Length)
            - Directory.GetFiles(dropped, "model-*.safetensors").Sum(file => new FileInfo(file).Length - new StoredFile(file).Start.Length);
        Assert.True(removed > 0);
        Assert.Equal(removed, before["metadata"]!["total_size"]!.GetValue<long>() - after["metadata"]!["total_size"]!.GetValue<long>());
    }

    [Fact]
    public void Side_files_go_along_and_weights_of_other_kinds_stay()
    {
        var source = TinyModel.Write(folder);
        string[] along = ["LICENSE", "chat_template.jinja", "generation_config.json", "merges.txt", "special_tokens_map.json", "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "vocab.json"];
        foreach (var name in along.Except(["tokenizer.json"])) folder.File($"tiny/{name}", $"of {name}");
        foreach (var name in new[] { "pytorch_model.bin", "pytorch_model.bin.index.json", "model.Q4_0.gguf", "optimizer.pt", "model.onnx", ".gitattributes", "original/consolidated.00.pth" }) folder.File($"tiny/{name}", "no");
        folder.File("tiny/README.md", "---\nlicense: mit\nlicense_name: other\ntags: [x]\n---\nA model.\n");

        SomeExport.Write(source, Out, "mlp@1:0.5");
        SomeExport.Write(Out, Path.Combine(folder.Path, "again"), "mlp@2:0.5");

        string[] all = [.. along, "README.md", "SOURCE_README.md", "config.json", "model.safetensors"];
        Assert.Equal(all.Order(StringComparer.Ordinal), Directory.GetFileSystemEntries(Out).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        foreach (var name in along.Append("config.json")) Assert.Equal(File.ReadAllBytes(Path.Combine(source, name)), File.ReadAllBytes(Path.Combine(Out, name)));
        Assert.Equal(File.ReadAllBytes(Path.Combine(source, "README.md")), File.ReadAllBytes(Path.Combine(Out, "SOURCE_README.md")));
        Assert.Contains("\nlicense: mit\nlicense_name: other\ntags:\n- eckart\n", File.ReadAllText(Path.Combine(Out, "README.md")), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Out, "README.md")), File.ReadAllBytes(Path.Combine(folder.Path, "again", "SOURCE_README.2.md")));
    }

    [Fact]
    public void Links_are_followed_within_the_folder_and_within_the_hubs_cache_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making links takes a privilege on Windows.");
        var source = TinyModel.Write(folder, "models--x/snapshots/1");
        folder.File("models--x/blobs/abc", "from the store");
        File.CreateSymbolicLink(Path.Combine(source, "merges.txt"), "../../blobs/abc");
        File.CreateSymbolicLink(Path.Combine(source, "vocab.json"), "tokenizer.json");

        SomeExport.Write(source, Out, "none");
        var secret = folder.File("secret", "not of the model");
        File.CreateSymbolicLink(Path.Combine(source, "added_tokens.json"), secret);

        Assert.Equal("from the store", File.ReadAllText(Path.Combine(Out, "merges.txt")));
        Assert.Null(new FileInfo(Path.Combine(Out, "vocab.json")).LinkTarget);
        Assert.Equal(File.ReadAllBytes(Path.Combine(source, "tokenizer.json")), File.ReadAllBytes(Path.Combine(Out, "vocab.json")));
        Refused.With(() => SomeExport.Write(source, Path.Combine(folder.Path, "other"), "none"), "added_tokens.json", "expected a file of the checkpoint's own folder, found a link to");
        File.Delete(Path.Combine(source, "added_tokens.json"));
        File.CreateSymbolicLink(Path.Combine(source, "README.md"), secret);
        Refused.With(() => SomeExport.Write(source, Path.Combine(folder.Path, "other"), "none"), "README.md", "found a link to");
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "other")));
    }

    [Fact]
    public void A_weight_that_is_no_number_is_refused_by_name_and_nothing_is_left()
    {
        var source = TinyModel.Write(folder, changeWeights: weights => weights["model.layers.1.mlp.up_proj.weight"].Values[5] = float.NaN);

        Refused.With(() => SomeExport.Write(source, Out, "mlp@1:0.5"), "tensor 'model.layers.1.mlp.up_proj.weight'", "expected finite weights");

        Assert.Equal([source], Directory.GetFileSystemEntries(folder.Path));
        SomeExport.Write(source, Out, "mlp@2:0.5");
    }

    [Fact]
    public void No_layer_left_is_refused()
    {
        var source = TinyModel.Write(folder);

        Refused.With(() => SomeExport.Write(source, Out, "drop@0+drop@1+drop@2"), "expected a layer to be left, found none");
    }

    [Fact]
    public void The_same_export_is_the_same_bytes_and_the_energy_is_that_of_the_singular_values()
    {
        var source = TinyModel.Write(folder);
        var other = Path.Combine(folder.Path, "other");

        var matrices = SomeExport.Write(source, Out, "all@1:0.5");
        SomeExport.Write(source, other, "all@1:0.5", settings => settings with { Workers = 1 });

        foreach (var file in Directory.GetFiles(Out)) Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(other, Path.GetFileName(file))));
        Assert.Equal(7, matrices.Count);
        using var checkpoint = Checkpoint.Open(source);
        foreach (var matrix in matrices)
        {
            using var scope = torch.NewDisposeScope();
            var values = torch.linalg.svdvals(checkpoint.Stored((Part)matrix.Site.Projection, 1, bias: false).Read(workers: 1)).data<float>().ToArray();
            Assert.Equal(values.Length / 2, matrix.Rank);
            Assert.Equal(values.Take(matrix.Rank).Sum(value => (double)value * value) / values.Sum(value => (double)value * value), matrix.Energy, 1e-6);
        }
    }

    private static JsonObject Json(string path, string name) => (JsonObject)JsonNode.Parse(File.ReadAllBytes(Path.Combine(path, name)))!;

    // A name's layer moves up by as many as are dropped before it; null where it is dropped itself.
    private static Func<string, string?> NewName(string intervention)
    {
        int[] dropped = [.. Drops().Matches(intervention).Select(match => int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture))];
        return name => LayerOf().Match(name) is { Success: true } match && int.Parse(match.ValueSpan, System.Globalization.CultureInfo.InvariantCulture) is var layer
            ? dropped.Contains(layer) ? null : $"{name[..match.Index]}{layer - dropped.Count(one => one < layer)}{name[(match.Index + match.Length)..]}"
            : name;
    }

    private static void AssertOthersAreByteEqual(string source, string target, string[] edited, Func<string, string?> newName)
    {
        var files = Directory.GetFiles(target, "model*.safetensors");
        Assert.NotEmpty(files);
        foreach (var path in files)
        {
            var (before, after) = (new StoredFile(Path.Combine(source, Path.GetFileName(path))), new StoredFile(path));
            if (before.Names.All(name => newName(name) == name)) Assert.Equal(before.Start, after.Start);
            else Assert.Equal(0, after.Start.Length % 8);
            Assert.Equal(before.Header.TryGetProperty("__metadata__", out var metadata) ? metadata.GetRawText() : "", after.Header.TryGetProperty("__metadata__", out var copied) ? copied.GetRawText() : "");
            Assert.Equal(before.Names.Select(newName).OfType<string>(), after.Names);
            foreach (var name in before.Names)
            {
                if (newName(name) is not { } now) continue;
                Assert.Equal((before.Type(name), before.Shape(name)), (after.Type(now), after.Shape(now)));
                Assert.Equal(!edited.Contains(name), before.Bytes(name).AsSpan().SequenceEqual(after.Bytes(now)));
            }
        }
    }

    [GeneratedRegex(@"drop@(\d+)")]
    private static partial Regex Drops();

    [GeneratedRegex(@"(?<=(^|\.)(layers|h)\.)\d+(?=\.)")]
    private static partial Regex LayerOf();
}
