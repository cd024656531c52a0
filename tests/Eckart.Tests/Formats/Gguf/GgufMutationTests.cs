using Eckart.Formats;
using Eckart.Formats.Gguf;
using Eckart.Formats.Tokenizers;
using Eckart.Tests.Support;
using Eckart.Tests.Support.Mutations;

namespace Eckart.Tests.Formats.Gguf;

public sealed class GgufMutationTests
{
    private static readonly byte[][] Originals =
    [
        Mixed(), Pieces(), new GgufBytes { Version = 2 }.With("general.alignment", 32u).Tensor("a").Tensor("b").ToArray(), new GgufBytes().With("general.name", "x").ToArray(),
    ];

    private static readonly GgufLayout[] Layouts = [.. Originals.Select(original => new GgufLayout(original))];

    // What the reader makes of the undamaged tensors; every type has tests of its own for that.
    private static readonly Dictionary<string, float[]> Undamaged = Reading(Originals[0]);

    [Fact]
    public void Two_thousand_damaged_files_are_read_right_or_refused() => new MutationRun("m.gguf", Mutate, Read).Of(2_000);

    [LongFact]
    public void A_hundred_thousand_damaged_files_are_read_right_or_refused() => new MutationRun("m.gguf", Mutate, Read).Of(100_000);

    private static Mutation Mutate(Random random)
    {
        var which = random.Next(4) == 0 ? random.Next(Originals.Length) : 0;
        return new ByteMutator(random, Originals).Mutate(Originals[which], Layouts[which].Head, Layouts[which].Fields);
    }

    private static Action Read(string path, Mutation mutation)
    {
        var file = GgufFile.Open(path);
        try
        {
            var values = file.Tensors.ToDictionary(tensor => tensor.Key, tensor => Values(file, tensor.Value));
            foreach (var key in file.Metadata.Keys) Ask(file.Metadata, key);
            Ask(() => Encode(file, path));
            return () =>
            {
                Check(file, new GgufLayout(mutation.Bytes), values);
                file.Dispose();
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // Null where the type has no reader, which is refused when it is read and not before.
    private static float[]? Values(GgufFile file, TensorEntry tensor)
    {
        var values = new float[tensor.Count];
        var isReadable = GgmlType.All.Single(type => type.Name == tensor.Type).IsReadable;
        if (isReadable) file.ReadRows(tensor.Name, 0, values);
        else Refused.With(() => file.ReadRows(tensor.Name, 0, values), "m.gguf", "quantise");
        return isReadable ? values : null;
    }

    private static void Ask(GgufMetadata metadata, string key)
    {
        Ask(() => metadata.String(key));
        Ask(() => metadata.Integer(key));
        Ask(() => metadata.Float(key));
        Ask(() => metadata.Boolean(key));
        Ask(() => metadata.Strings(key));
        Ask(() => metadata.Integers(key));
        Ask(() => metadata.Floats(key));
    }

    private static int[] Encode(GgufFile file, string path)
    {
        using var tokenizer = TextTokenizer.FromJson(GgufTokenizer.ToJson(file.Metadata), path);
        return tokenizer.Encode("ab é<s>", addSpecialTokens: true);
    }

    private static void Ask<T>(Func<T> question)
    {
        try
        {
            question();
        }
        catch (InputException refused)
        {
            Assert.Contains("m.gguf", Assert.Single(refused.Problems).ToString(), StringComparison.Ordinal);
        }
    }

    private static void Check(GgufFile file, GgufLayout layout, Dictionary<string, float[]?> values)
    {
        Assert.Equal(layout.Keys.Keys, file.Metadata.Keys);
        Assert.All(layout.Keys, pair => Assert.Equal(pair.Value, file.Metadata.Bytes(pair.Key).ToArray()));
        Assert.Equal(layout.Tensors.Keys, file.Tensors.Keys);
        foreach (var (name, (type, sizes, data)) in layout.Tensors)
        {
            Assert.Equal(type.Name, file.Tensors[name].Type);
            Assert.Equal(sizes.Reverse().Select(size => (long)size), file.Tensors[name].Shape);
            Assert.Equal(data, file.Bytes(name, 0, data.Length).ToArray());
            var original = Layouts[0].Tensors.FirstOrDefault(one => one.Value.Type == type && one.Value.Data.AsSpan().SequenceEqual(data));
            if (original.Key is not null && values[name] is { } read) Assert.Equal(Undamaged[original.Key].Select(BitConverter.SingleToUInt32Bits), read.Select(BitConverter.SingleToUInt32Bits));
        }
    }

    private static Dictionary<string, float[]> Reading(byte[] original)
    {
        Dictionary<string, float[]> values = [];
        GgufBytes.Open(original, file => values = file.Tensors.Values.Where(tensor => tensor.Type != "I8").ToDictionary(tensor => tensor.Name, tensor => Values(file, tensor)!));
        return values;
    }

    private static byte[] Pieces() => new GgufBytes().With("general.architecture", "llama").With("tokenizer.ggml.model", "llama")
        .With("tokenizer.ggml.tokens", new[] { "<unk>", "<s>", "<0xC3>", "▁", "a", "b", "ab", "▁ab" }).With("tokenizer.ggml.scores", new[] { 0f, 0, 0, -3, -4, -5, -1, -2 })
        .With("tokenizer.ggml.token_type", new[] { 2, 3, 6, 1, 1, 1, 1, 1 }).With("tokenizer.ggml.bos_token_id", 1u).With("tokenizer.ggml.unknown_token_id", 0u)
        .With("tokenizer.ggml.add_space_prefix", true).Tensor("a").ToArray();

    private static byte[] Mixed()
    {
        var file = new GgufBytes().With("general.architecture", "llama").With("general.alignment", 32u).With("llama.block_count", 3u).With("llama.rope.freq_base", 10000f)
            .With("tokenizer.ggml.model", "gpt2").With("tokenizer.ggml.pre", "gpt-2").With("tokenizer.ggml.tokens", new[] { "a", "b", "ab", "é", "<s>" })
            .With("tokenizer.ggml.scores", new[] { 0f, -1, -2, -3, -4 }).With("tokenizer.ggml.token_type", new[] { 1, 1, 1, 1, 3 }).With("tokenizer.ggml.merges", new[] { "a b" })
            .With("tokenizer.ggml.bos_token_id", 4u).With("tokenizer.ggml.add_bos_token", true).With("x.double", 0.5).With("x.byte", (byte)7)
            .Raw("x.nested", 9, GgufBytes.Array(GgufValueType.Array, 2, GgufBytes.Array(GgufValueType.UInt8, 3, [1, 2, 3]), GgufBytes.Array(GgufValueType.String, 1, GgufBytes.Text("y"))));
        foreach (var type in GgmlType.All.Where(type => type.IsReadable))
            file.Tensor($"blk.0.{type.Name}.weight", type.Number, [(ulong)type.BlockSize, 2], [.. Enumerable.Range(0, 2 * type.BlockBytes).Select(i => (byte)(i * 29 + type.Number))]);
        return file.Tensor("ids", 24, [8], new byte[8]).ToArray();
    }
}
