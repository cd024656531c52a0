using Eckart.Formats.Gguf;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.Gguf;

public sealed class GgufMetadataTests
{
    [Fact]
    public void Integers_of_every_width_are_integers()
    {
        new GgufBytes().With("a", (byte)255).With("b", (sbyte)-128).With("c", ushort.MaxValue).With("d", short.MinValue)
            .With("e", uint.MaxValue).With("f", int.MinValue).With("g", (ulong)long.MaxValue).With("h", long.MinValue)
            .Open(file => Assert.Equal(
                [255, -128, 65535, -32768, 4294967295, -2147483648, long.MaxValue, long.MinValue],
                file.Metadata.Keys.Select(file.Metadata.Integer)));
    }

    [Fact]
    public void Values_come_back_as_they_were_written()
    {
        new GgufBytes().With("text", "é日本\0").With("single", 1e-5f).With("double", 0.1).With("yes", true).With("no", false)
            .With("texts", new[] { "a", "", "日本" }).With("ints", new[] { 1, -2, 3 }).With("floats", new[] { 0.5f, -1f })
            .Open(file =>
            {
                var metadata = file.Metadata;
                Assert.Equal("é日本\0", metadata.String("text"));
                Assert.Equal((1e-5f, 0.1), ((float)metadata.Float("single"), metadata.Float("double")));
                Assert.Equal((true, false), (metadata.Boolean("yes"), metadata.Boolean("no")));
                Assert.Equal(["a", "", "日本"], metadata.Strings("texts"));
                Assert.Equal([1, -2, 3], metadata.Integers("ints"));
                Assert.Equal([0.5f, -1f], metadata.Floats("floats"));
            });
    }

    [Fact]
    public void Reads_what_the_reference_wrote()
    {
        using var file = GgufFile.Open(Shared.Find("golden/gguf/tiny.gguf"));

        Assert.Equal(
            ["general.architecture", "general.name", "llama.block_count", "tokenizer.ggml.tokens", "llama.rope.freq_base", "x.flag", "x.ints"],
            file.Metadata.Keys);
        Assert.Equal(["a", "é", "日本"], file.Metadata.Strings("tokenizer.ggml.tokens"));
        Assert.Equal([1, -2, 3], file.Metadata.Integers("x.ints"));
        Assert.Equal(10000, file.Metadata.Float("llama.rope.freq_base"));
        Assert.True(file.Metadata.Boolean("x.flag"));
    }

    [Fact]
    public void Stored_bytes_begin_with_the_type()
    {
        new GgufBytes().With("a", 7u).With("b", new[] { "x" }).Open(file =>
        {
            Assert.Equal([4, 0, 0, 0, 7, 0, 0, 0], file.Metadata.Bytes("a").ToArray());
            Assert.Equal([9, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, (byte)'x'], file.Metadata.Bytes("b").ToArray());
        });
    }

    [Fact]
    public void Another_type_and_a_missing_key_are_refused_by_name()
    {
        new GgufBytes().With("n", "7").With("b", (byte)1).With("list", new[] { 1 }).Raw("flag", 7, 2).With("big", ulong.MaxValue).Open(file =>
        {
            var metadata = file.Metadata;
            Refused.With(() => metadata.Integer("n"), "model.gguf", "key 'n'", "expected an integer, found String");
            Refused.With(() => metadata.Float("b"), "key 'b'", "found UInt8");
            Refused.With(() => metadata.Boolean("b"), "key 'b'", "expected a boolean");
            Refused.With(() => metadata.String("list"), "key 'list'", "found an array of Int32");
            Refused.With(() => metadata.Strings("list"), "key 'list'", "expected an array of strings, found an array of Int32");
            Refused.With(() => metadata.Floats("n"), "key 'n'", "found String");
            Refused.With(() => metadata.Boolean("flag"), "key 'flag'", "found 2");
            Refused.With(() => metadata.Integer("big"), "key 'big'", "63 bits");
            Refused.With(() => metadata.Integer(new string('k', 5_000)), $"key '{new string('k', 200)}…' (5000 characters): expected it");
            Refused.With(() => metadata.Integer("none"), "key 'none': expected it, found no such key; fetch or convert the file again");
        });
    }

    [Fact]
    public void Text_that_is_not_utf8_is_refused()
    {
        new GgufBytes().Raw("a", 8, [2, 0, 0, 0, 0, 0, 0, 0, 0xC3, 0x28]).Open(file => Refused.With(() => file.Metadata.String("a"), "key 'a'", "UTF-8"));
        new GgufBytes().Raw([1, 0, 0, 0, 0, 0, 0, 0, 0xFF], 7, 1).IsRefused("key 1 of 1", "UTF-8");
    }

    [Theory]
    [InlineData(1UL << 60)]
    [InlineData(ulong.MaxValue)]
    [InlineData(65_537UL)]
    public void More_keys_than_the_file_can_hold_are_refused(ulong count) => new GgufBytes { KeyCount = count }.With("a", 1u).IsRefused("header", $"found {count} keys");

    [Fact]
    public void A_repeated_and_an_empty_key_are_refused()
    {
        new GgufBytes().With("a", 1u).With("a", 2u).IsRefused("key 'a': expected each key once, found it twice; fetch or convert the file again");
        new GgufBytes().With("", 1u).IsRefused("key 1 of 1", "empty");
    }

    [Theory]
    [InlineData(13u)]
    [InlineData(uint.MaxValue)]
    public void An_unknown_type_of_value_is_refused(uint type) => new GgufBytes().Raw("a", type, new byte[16]).IsRefused("key 'a'", $"expected the number of a value's type (0 to 12), found {type};");

    [Theory]
    [InlineData(100UL)]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    public void A_string_longer_than_the_file_is_refused(ulong length) =>
        new GgufBytes().Raw("a", 8, [.. BitConverter.GetBytes(length), 1, 2, 3]).IsRefused("key 'a'");

    [Theory]
    [InlineData(GgufValueType.Int32, 1UL << 62)]
    [InlineData(GgufValueType.Int64, (1UL << 61) + 1)]
    [InlineData(GgufValueType.String, ulong.MaxValue)]
    [InlineData(GgufValueType.Array, 1UL << 40)]
    [InlineData(GgufValueType.UInt8, 100UL)]
    public void An_array_longer_than_the_file_is_refused(GgufValueType element, ulong count) =>
        new GgufBytes().Raw("a", 9, GgufBytes.Array(element, count, [1, 2, 3])).IsRefused("key 'a'", $"found {count} entries");

    [Fact]
    public void An_array_larger_than_any_vocabulary_is_stepped_over_and_refused_when_asked_for() =>
        new GgufBytes().Raw("a", 9, GgufBytes.Array(GgufValueType.UInt8, (1 << 20) + 1, new byte[(1 << 20) + 1])).With("b", 1u).Open(file =>
        {
            Assert.Equal(1, file.Metadata.Integer("b"));
            Refused.With(() => file.Metadata.Integers("a"), "key 'a'", "expected at most 1048576 elements, found 1048577");
        });

    [Fact]
    public void Arrays_nested_ten_thousand_deep_are_refused()
    {
        var nested = Enumerable.Repeat(GgufBytes.Array(GgufValueType.Array, 1), 10_000).SelectMany(level => level).ToArray();

        new GgufBytes().Raw("a", 9, nested).IsRefused("key 'a'", "nested");
    }

    [Fact]
    public void Arrays_of_arrays_are_stepped_over()
    {
        var inner = GgufBytes.Array(GgufValueType.UInt8, 3, [1, 2, 3]);

        new GgufBytes().Raw("a", 9, GgufBytes.Array(GgufValueType.Array, 2, inner, inner)).With("b", 5u)
            .Open(file => Assert.Equal(5, file.Metadata.Integer("b")));
    }

    [Fact]
    public void An_alignment_that_is_none_is_refused()
    {
        new GgufBytes().With("general.alignment", 0u).Tensor().IsRefused("general.alignment", "found 0");
        new GgufBytes().With("general.alignment", 24u).Tensor().IsRefused("general.alignment", "found 24");
        new GgufBytes().With("general.alignment", 32UL).Tensor().IsRefused("general.alignment", "found UInt64");
        new GgufBytes().With("general.alignment", "32").Tensor().IsRefused("general.alignment", "found String");
        new GgufBytes().With("general.alignment", 1u << 31).Tensor().IsRefused("tensor 'w'", "256 bytes at offset 0");
    }

    [Fact]
    public void Tables_of_tokens_of_another_type_or_length_are_refused()
    {
        GgufBytes Tokens() => new GgufBytes().With("tokenizer.ggml.tokens", new[] { "a", "b" });

        Tokens().With("tokenizer.ggml.scores", new[] { 1f }).IsRefused("tokenizer.ggml.scores", "expected 2 scores, one a token, found 1");
        Tokens().With("tokenizer.ggml.scores", new[] { 1, 2 }).IsRefused("tokenizer.ggml.scores", "found an array of Int32");
        Tokens().With("tokenizer.ggml.scores", 1f).IsRefused("tokenizer.ggml.scores", "found Float32");
        Tokens().With("tokenizer.ggml.token_type", new[] { 1, 1, 1 }).IsRefused("tokenizer.ggml.token_type", "expected 2 types, one a token, found 3");
        new GgufBytes().With("tokenizer.ggml.scores", new[] { 1f }).IsRefused("tokenizer.ggml.scores", "expected 0 scores, one a token, found 1");
    }
}
