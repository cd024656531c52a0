using System.Runtime.InteropServices;
using Eckart.Formats;
using Eckart.Formats.HuggingFace;
using Eckart.Formats.Safetensors;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.HuggingFace;

public sealed class CheckpointFolderTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Opens_a_single_file_by_its_folder_or_its_path()
    {
        var path = folder.File("model.safetensors", SafetensorsBytes.Of(SafetensorsBytes.Floats("a", [1], 1)));
        folder.File("training_args.bin", "a pickle that is not needed");

        foreach (var given in new[] { folder.Path, path })
        {
            using var tensors = CheckpointFolder.OpenTensors(given);

            Assert.Equal(path, Assert.IsType<SafetensorsFile>(tensors).Path);
        }
    }

    [Fact]
    public void Opens_shards_by_their_folder_or_their_index()
    {
        folder.File("one.safetensors", SafetensorsBytes.Of(SafetensorsBytes.Floats("a", [1], 1)));
        var index = folder.File(Index, """{"weight_map":{"a":"one.safetensors"}}""");

        foreach (var given in new[] { folder.Path, index })
        {
            using var tensors = CheckpointFolder.OpenTensors(given);

            Assert.Equal(["a"], Assert.IsType<ShardedTensors>(tensors).Tensors.Keys);
        }
    }

    [Fact]
    public void Refuses_two_sets_of_weights_and_accepts_an_index_of_the_single_file()
    {
        var bytes = SafetensorsBytes.Of(SafetensorsBytes.Floats("a", [1], 1));
        folder.File("model.safetensors", bytes);
        folder.File("one.safetensors", bytes);
        folder.File(Index, """{"weight_map":{"a":"one.safetensors"}}""");

        Refused.With(() => CheckpointFolder.OpenTensors(folder.Path), folder.Path, "found model.safetensors and a model.safetensors.index.json that does not name it");

        folder.File(Index, """{"weight_map":{"a":"model.safetensors"}}""");
        using var tensors = CheckpointFolder.OpenTensors(folder.Path);
        Assert.Equal(["a"], tensors.Tensors.Keys);
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("pytorch_model.bin.index.json")]
    [InlineData("pytorch_model-00001-of-00002.bin")]
    [InlineData("consolidated.00.pth")]
    [InlineData("model.pt")]
    [InlineData("model.ckpt")]
    public void Refuses_a_pickle_with_the_reason_and_the_way_out(string name)
    {
        var path = folder.File(name, "cos\nsystem\n(S'true'\ntR.");

        foreach (var given in new[] { folder.Path, path })
            Refused.With(() => CheckpointFolder.OpenTensors(given), $"{path}: expected safetensors, found a pickle", "can run any code", "safe_serialization=True");
    }

    [Fact]
    public void Says_what_it_looked_for()
    {
        folder.File("config.json", "{}");
        var other = folder.File("notes.txt", "");

        Refused.With(() => CheckpointFolder.OpenTensors(folder.Path), $"{folder.Path}: expected model.safetensors or {Index}, found neither");
        Refused.With(() => CheckpointFolder.OpenTensors(other), "notes.txt: expected a folder", "another kind of file");
        Refused.With(() => CheckpointFolder.OpenTensors(Path.Combine(folder.Path, "none")), "none: expected a folder", "no such folder");
        Refused.With(() => CheckpointFolder.OpenTensors(Path.Combine(folder.Path, "none.safetensors")), "none.safetensors", "cannot be read");
    }

    [Theory]
    [InlineData("gptj", "transformer.wte.weight", "F32", 45)]
    [InlineData("gptj-legacy-fp16", "transformer.wte.weight", "F16", 53)]
    [InlineData("llama", "model.embed_tokens.weight", "F32", 39)]
    [InlineData("llama-gqa-tied", "model.embed_tokens.weight", "F32", 38)]
    [InlineData("llama-legacy-sharded-bf16", "model.embed_tokens.weight", "BF16", 43)]
    [InlineData("llama-yarn", "model.embed_tokens.weight", "F32", 39)]
    [InlineData("llama3-rope", "model.embed_tokens.weight", "F32", 39)]
    [InlineData("mistral", "model.embed_tokens.weight", "F32", 39)]
    [InlineData("qwen2", "model.embed_tokens.weight", "F32", 51)]
    [InlineData("qwen3", "model.embed_tokens.weight", "F32", 47)]
    [InlineData("gpt_neox", "gpt_neox.embed_in.weight", "F32", 52)]
    [InlineData("gpt2", "transformer.wte.weight", "F32", 52)]
    public void The_first_hidden_state_of_a_reference_checkpoint_is_its_embedding_of_the_tokens(string name, string embedding, string type, int count)
    {
        var checkpoint = Shared.Find($"golden/checkpoints/{name}");
        using var tensors = CheckpointFolder.OpenTensors(checkpoint);
        using var golden = SafetensorsFile.Open(Path.Combine(checkpoint, "golden.safetensors"));
        Assert.Equal((type, "(307, 48)"), (tensors.Tensors[embedding].Type, tensors.Tensors[embedding].ShapeText));
        Assert.Equal(("I64", "(2, 37)"), (golden.Tensors["input_ids"].Type, golden.Tensors["input_ids"].ShapeText));
        Assert.Equal("(2, 37, 307)", golden.Tensors["logits"].ShapeText);

        var ids = MemoryMarshal.Cast<byte, long>(golden.Bytes("input_ids", 0, 2 * 37 * sizeof(long)));
        var hidden = All(golden, "hidden.0");
        var positions = tensors.Tensors.ContainsKey("transformer.wpe.weight") ? All(tensors, "transformer.wpe.weight") : null;
        var row = new float[48];

        for (var i = 0; i < ids.Length; i++)
        {
            tensors.ReadRows(embedding, ids[i], row);
            if (positions is not null)
            {
                for (var c = 0; c < 48; c++) row[c] += positions[(i % 37 * 48) + c];
            }

            Assert.Equal(row, hidden[(i * 48)..((i + 1) * 48)]);
        }

        Assert.Equal(count, tensors.Tensors.Count);
    }

    [Fact]
    public void Every_reference_checkpoint_opens()
    {
        foreach (var checkpoint in Directory.GetDirectories(Shared.Find("golden/checkpoints")))
        {
            using var tensors = CheckpointFolder.OpenTensors(checkpoint);

            foreach (var (name, tensor) in tensors.Tensors.Where(pair => pair.Value.Type is "F32" or "F16" or "BF16"))
                Assert.True(Array.TrueForAll(All(tensors, name), float.IsFinite), $"{checkpoint}: {name} {tensor.ShapeText}");
        }
    }

    private static float[] All(ITensorFile file, string name)
    {
        var values = new float[file.Tensors[name].Count];
        file.ReadRows(name, 0, values);
        return values;
    }
}
