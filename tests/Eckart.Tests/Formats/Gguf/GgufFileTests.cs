using System.Runtime.InteropServices;
using CsCheck;
using Eckart.Formats;
using Eckart.Formats.Gguf;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.Gguf;

public sealed class GgufFileTests
{
    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    public void Shapes_are_slowest_first_and_rows_follow_them(uint version)
    {
        new GgufBytes { Version = version }.Tensor().Open(file =>
        {
            var row = new float[32];
            file.ReadRows("w", 1, row);

            Assert.Equal((int)version, file.Version);
            Assert.Equal("(2, 32)", file.Tensors["w"].ShapeText);
            Assert.Equal(GgufBytes.Values[32..], row);
        });
    }

    [Fact]
    public void Tensors_keep_the_order_of_the_file()
    {
        new GgufBytes().Tensor("z").Tensor("a").Tensor("m").Open(file => Assert.Equal(["z", "a", "m"], file.Tensors.Keys));
    }

    [Fact]
    public void A_file_of_metadata_alone_is_accepted()
    {
        new GgufBytes().With("general.name", "x").Open(file => Assert.Empty(file.Tensors));
    }

    [Fact]
    public void Another_alignment_is_honoured()
    {
        new GgufBytes { Alignment = 4096 }.With("general.alignment", 4096u).Tensor("a").Tensor("b").Open(file =>
        {
            var values = new float[64];
            file.ReadRows("b", 0, values);

            Assert.Equal(GgufBytes.Values, values);
        });
    }

    [Fact]
    public void Rows_beyond_a_reading_step_are_read_like_the_first()
    {
        const int Rows = (1 << 20) / 32 + 3;
        var bytes = new byte[Rows * 34];
        for (var row = 0; row < Rows; row++) (bytes[row * 34 + 1], bytes[row * 34 + 2]) = (0x3C, (byte)(row % 100));

        new GgufBytes().Tensor("w", 8, [32, Rows], bytes).Open(file =>
        {
            var values = new float[Rows * 32];
            file.ReadRows("w", 0, values);

            Assert.All(Enumerable.Range(0, Rows), row => Assert.Equal(row % 100, values[row * 32]));
        });
    }

    [Fact]
    public void Rows_read_in_any_order_from_several_threads_are_those_read_at_once()
    {
        Gen.Byte.Array[20 * 2 * 64].Sample(bytes => new GgufBytes().Tensor("w", 3, [64, 64], bytes).Open(file =>
        {
            var (whole, parts) = (new float[64 * 64], new float[64 * 64]);
            file.ReadRows("w", 0, whole);
            Parallel.For(0, 32, i => file.ReadRows("w", 2 * i, parts.AsSpan(128 * i, 128)));

            Assert.Equal(MemoryMarshal.AsBytes<float>(whole), MemoryMarshal.AsBytes<float>(parts));
        }), iter: 20, threads: 1);
    }

    [Fact]
    public void SmolLm2_has_the_tensors_of_its_sizes()
    {
        using var file = GgufFile.Open(Shared.Find(Shared.SmolLm2));

        Assert.Equal(272, file.Tensors.Count);
        Assert.Equal(("Q8_0", "(49152, 576)"), (file.Tensors["token_embd.weight"].Type, file.Tensors["token_embd.weight"].ShapeText));
        Assert.Equal(("Q4_1", "(576, 1536)"), (file.Tensors["blk.0.ffn_down.weight"].Type, file.Tensors["blk.0.ffn_down.weight"].ShapeText));
        Assert.Equal(("llama", 30), (file.Metadata.String("general.architecture"), file.Metadata.Integer("llama.block_count")));
    }

    [Fact]
    public void Rows_outside_the_tensor_are_misuse()
    {
        new GgufBytes().Tensor().Open(file =>
        {
            Assert.Throws<ArgumentException>(() => file.ReadRows("w", 0, new float[31]));
            Assert.Throws<ArgumentException>(() => file.ReadRows("w", 1, new float[64]));
            Assert.Throws<ArgumentException>(() => file.ReadRows("w", -1, new float[32]));
            Assert.Throws<ArgumentException>(() => file.ReadRows("w", long.MaxValue, new float[32]));
        });
    }

    [Fact]
    public void Reading_after_disposal_is_misuse()
    {
        GgufFile? kept = null;
        new GgufBytes().Tensor().Open(file => kept = file);

        Assert.Throws<ObjectDisposedException>(() => kept!.ReadRows("w", 0, new float[32]));
    }

    [Fact]
    public void A_tensor_it_lacks_is_refused() =>
        new GgufBytes().Tensor().Open(file => Refused.With(() => file.ReadRows("v", 0, []), "model.gguf: expected a tensor 'v', found none of that name among 1"));

    [Fact]
    public void A_type_without_a_reader_is_listed_and_refused_when_read()
    {
        new GgufBytes().Tensor("w", 16, [256], new byte[66]).Open(file =>
        {
            Assert.Equal("IQ2_XXS", file.Tensors["w"].Type);
            Refused.With(() => file.ReadRows("w", 0, new float[256]), "model.gguf", "tensor 'w'", "IQ2_XXS", "Q4_1");
        });
    }

    [Fact]
    public void A_missing_and_an_empty_file_are_refused()
    {
        using var folder = new TemporaryFolder();

        Refused.With(() => GgufFile.Open(Path.Combine(folder.Path, "none.gguf")), "none.gguf");
        Refused.With(() => GgufFile.Open(folder.File("empty.gguf", "")), "empty.gguf: expected a GGUF file of at least 4 bytes, found 0");
        Refused.With(() => GgufFile.Open(folder.Path), folder.Path);
    }

    [Fact]
    public async Task A_read_that_is_under_way_when_the_file_is_disposed_ends_well()
    {
        using var folder = new TemporaryFolder();
        const int Rows = 1 << 15;
        var path = folder.File("model.gguf", new GgufBytes().Tensor("w", 0, [32, Rows], new byte[32 * Rows * sizeof(float)]).ToArray());
        for (var i = 0; i < 5; i++)
        {
            var file = GgufFile.Open(path);
            var values = new float[32 * Rows];
            values.AsSpan().Fill(1);

            var read = Task.Run(() => Record.Exception(() => file.ReadRows("w", 0, values)), TestContext.Current.CancellationToken);
            file.Dispose();

            var refused = await read;
            Assert.True(refused is ObjectDisposedException || (refused is null && values.All(value => value == 0)), $"{refused}");
        }
    }

    [Fact]
    public void Another_magic_is_refused() => new GgufBytes { Magic = "GGML"u8.ToArray() }.Tensor().IsRefused("magic");

    [Theory]
    [InlineData(0u, "found 0")]
    [InlineData(1u, "found 1")]
    [InlineData(4u, "found 4")]
    [InlineData(0x0300_0000u, "big-endian")]
    public void Other_versions_are_refused(uint version, string found) => new GgufBytes { Version = version }.Tensor().IsRefused("header", found);

    [Theory]
    [InlineData(1UL << 60)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1000UL)]
    public void More_tensors_than_the_file_can_hold_are_refused(ulong count) => new GgufBytes { TensorCount = count }.Tensor().IsRefused("header", $"found {count} tensors");

    [Fact]
    public void A_count_that_the_file_holds_only_in_part_is_refused() => new GgufBytes { TensorCount = 2 }.Tensor().IsRefused("tensor 2 of 2");

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Other_numbers_of_dimensions_are_refused(int dimensions) =>
        new GgufBytes().Tensor("w", 0, [.. Enumerable.Repeat(1UL, dimensions)], new byte[64]).IsRefused("tensor 'w'", $"found {dimensions}");

    [Theory]
    [InlineData(1_000_000u)]
    [InlineData(uint.MaxValue)]
    public void Numbers_of_dimensions_beyond_the_file_are_refused(uint dimensions)
    {
        var bytes = new GgufBytes().Tensor().ToArray();
        BitConverter.GetBytes(dimensions).CopyTo(bytes, 24 + 8 + 1);

        GgufBytes.IsRefused(bytes, "tensor 'w'", $"found {dimensions}");
    }

    [Theory]
    [InlineData("expected sizes from 1 to 2^63 - 1, found 0 as dimension 0", 0UL)]
    [InlineData("found 4398046511105 elements of F32", (1UL << 42) + 1)]
    [InlineData("expected sizes from 1 to 2^63 - 1, found 9223372036854775808 as dimension 0", 1UL << 63)]
    [InlineData("fewer than 2^60 elements, found (9223372036854775807, 2, 1, 1)", (1UL << 63) - 1, 2UL, 1UL, 1UL)]
    [InlineData("fewer than 2^60 elements, found (4294967296, 4294967296)", 1UL << 32, 1UL << 32)]
    [InlineData("fewer than 2^60 elements", 1UL << 31, 1UL << 31, 4UL)]
    [InlineData("found 0 as dimension 1", 32UL, 0UL)]
    public void Sizes_that_no_file_holds_are_refused(string found, params ulong[] sizes) => new GgufBytes().Tensor("w", 0, sizes, new byte[256]).IsRefused("tensor 'w'", found);

    [Fact]
    public void A_row_that_is_no_whole_number_of_blocks_is_refused() =>
        new GgufBytes().Tensor("w", 3, [48, 2], new byte[60]).IsRefused("tensor 'w'", "48", "32 (Q4_1)");

    [Theory]
    [InlineData(4u, "expected the number of a known tensor type, found 4;")]
    [InlineData(1000u, "found 1000;")]
    [InlineData(uint.MaxValue, "found -1;")]
    public void Unknown_tensor_types_are_refused(uint type, string found) => new GgufBytes().Tensor("w", type, [32], new byte[128]).IsRefused("tensor 'w'", found);

    [Theory]
    [InlineData(8UL, "alignment")]
    [InlineData(32UL, "256 bytes at offset 32")]
    [InlineData(1UL << 40, "256 bytes at offset 1099511627776")]
    [InlineData(ulong.MaxValue - 31, "256 bytes at offset")]
    public void Offsets_that_the_data_do_not_cover_are_refused(ulong offset, string found) => new GgufBytes().Tensor("w", offset).IsRefused("tensor 'w'", found);

    [Theory]
    [InlineData(0UL)]
    [InlineData(32UL)]
    [InlineData(224UL)]
    public void Tensors_that_share_bytes_are_refused(ulong offset) =>
        new GgufBytes().Tensor("a").Tensor("b", offset).IsRefused("overlap", "tensor 'a'", "tensor 'b'");

    [Fact]
    public void A_repeated_and_an_empty_tensor_name_are_refused()
    {
        new GgufBytes().Tensor("w").Tensor("w").IsRefused("tensor 'w'", "twice");
        new GgufBytes().Tensor("").IsRefused("tensor 1 of 1", "empty");
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        using var folder = new TemporaryFolder();
        var bytes = new GgufBytes().With("general.name", "tiny").With("x.list", new[] { "a", "b" }).Tensor().ToArray();

        var reasons = new HashSet<string>();
        for (var length = 1; length < bytes.Length; length += length < bytes.Length - 256 ? 1 : 15)
        {
            var refused = Assert.Throws<InputException>(() => GgufFile.Open(folder.File("model.gguf", bytes.AsSpan(0, length))));
            reasons.Add(Assert.Single(refused.Problems).Where.Split("model.gguf")[1]);
        }

        Assert.Equal(["", ": header", ": key 'general.name'", ": key 2 of 2", ": key 'x.list'", ": tensor 'w'"], reasons);
    }

    [Fact]
    public void A_byte_changed_anywhere_is_read_or_refused_but_never_crashes()
    {
        using var folder = new TemporaryFolder();
        var bytes = new GgufBytes().With("general.alignment", 32u).With("x.list", new[] { "a", "b" }).Tensor().ToArray();
        var refusals = 0;

        for (var at = 0; at < bytes.Length - 256; at++)
        {
            var original = bytes[at];
            foreach (var value in new byte[] { 0, 0xFF })
            {
                bytes[at] = value;
                refusals += IsRead(folder.File("model.gguf", bytes)) ? 0 : 1;
            }

            bytes[at] = original;
        }

        Assert.InRange(refusals, 100, 2 * (bytes.Length - 256));
    }

    // False where it is refused; any other exception fails the test.
    private static bool IsRead(string path)
    {
        try
        {
            using var file = GgufFile.Open(path);
            foreach (var (name, entry) in file.Tensors) file.ReadRows(name, 0, new float[entry.Count]);
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }
}
