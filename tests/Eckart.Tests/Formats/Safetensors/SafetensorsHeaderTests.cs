using System.Text;
using CsCheck;
using Eckart.Formats;
using Eckart.Formats.Safetensors;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.Safetensors;

public sealed class SafetensorsHeaderTests
{
    private static readonly string OneFloat = SafetensorsBytes.Entry("F32", "[1]", "[0,4]");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Refuses_a_file_without_room_for_the_length(int length) =>
        Refused.With(() => Parse(new byte[length]), "m.safetensors: expected a safetensors file of at least 8 bytes", $"found {length}", "download");

    [Theory]
    [InlineData(0UL, "0 bytes")]
    [InlineData(100_000_001UL, "at most 100000000 bytes")]
    [InlineData(1UL << 63, "found 9223372036854775808 announced")]
    [InlineData(ulong.MaxValue, "found 18446744073709551615 announced")]
    [InlineData(3UL, "expected a header of 3 bytes, found the file's end after 2")]
    public void Refuses_a_length_that_no_header_can_have(ulong headerLength, string found) =>
        Refused.With(() => Parse([.. SafetensorsBytes.Prefix(headerLength), .. "{}"u8]), "m.safetensors", found);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("""{"a":""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]""")]
    [InlineData("{} {}")]
    [InlineData("{}\0")]
    [InlineData("{},")]
    [InlineData("{/* */}")]
    [InlineData("NaN")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"\udc00","shape":[1],"data_offsets":[0,4]}}""")]
    public void Refuses_a_header_that_is_not_JSON(string header) => Refused.With(() => Parse(header), "m.safetensors", "header");

    [Fact]
    public void Refuses_a_header_that_is_not_UTF8() =>
        Refused.With(() => Parse(SafetensorsBytes.WithHeader([(byte)'{', (byte)'"', 0xFF, (byte)'"'], [])), "m.safetensors", "UTF-8");

    [Theory]
    [InlineData("[]", "a list")]
    [InlineData("3", "'3'")]
    [InlineData("null", "null")]
    [InlineData("\"a\"", "the text 'a'")]
    [InlineData("true", "a boolean")]
    public void Refuses_a_header_that_is_not_an_object(string header, string found) =>
        Refused.With(() => Parse(header), "m.safetensors", "expected an object", found);

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void Refuses_nesting_10000_deep(string open, string close)
    {
        var nest = string.Concat(Enumerable.Repeat(open, 10_000)) + "0" + string.Concat(Enumerable.Repeat(close, 10_000));

        Refused.With(() => Parse(nest), "m.safetensors");
        Refused.With(() => Parse($$$"""{"a":{{{nest}}}}"""), "m.safetensors");
        Refused.With(() => Parse($$$"""{"a":{"dtype":{{{nest}}}}}"""), "m.safetensors");
        Refused.With(() => Parse($$$"""{"a":{"shape":[{{{nest}}}]}}"""), "m.safetensors");
        Refused.With(() => Parse($$$"""{"__metadata__":{"a":{{{nest}}}}}"""), "m.safetensors");
    }

    [Theory]
    [InlineData("""{"a":TENSOR,"a":TENSOR}""", "'a' twice")]
    [InlineData("""{"a":TENSOR,"\u0061":TENSOR}""", "'a' twice")]
    [InlineData("""{"__metadata__":{},"a":TENSOR,"__metadata__":{}}""", "'__metadata__' twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"},"a":TENSOR}""", "'k' twice")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "tensor 'a': expected each key once, found 'dtype' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}""", "'shape' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"data_offsets":[0,4]}}""", "'data_offsets' twice")]
    public void Refuses_a_key_that_stands_twice(string header, string found) =>
        Refused.With(() => Parse(header.Replace("TENSOR", OneFloat), new byte[4]), "m.safetensors", found);

    [Theory]
    [InlineData("3", "expected an object, found '3'")]
    [InlineData("{}", "found no dtype")]
    [InlineData("""{"shape":[1],"data_offsets":[0,4]}""", "found no dtype")]
    [InlineData("""{"dtype":"F32","data_offsets":[0,4]}""", "found no shape")]
    [InlineData("""{"dtype":"F32","shape":[1]}""", "found no data_offsets")]
    [InlineData("""{"dtype":"F32","shape":[1],"data_offsets":[0,4],"scale":2}""", "found 'scale'")]
    [InlineData("""{"dtype":7,"shape":[1],"data_offsets":[0,4]}""", "a text as dtype")]
    [InlineData("""{"dtype":"F32","shape":1,"data_offsets":[0,4]}""", "a list as shape")]
    [InlineData("""{"dtype":"F32","shape":[null],"data_offsets":[0,4]}""", "in shape, found null")]
    [InlineData("""{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}""", "in shape, found the text '1'")]
    [InlineData("""{"dtype":"F32","shape":[1],"data_offsets":[0]}""", "two data_offsets, found 1")]
    [InlineData("""{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}""", "two data_offsets, found 3")]
    public void Refuses_a_tensor_that_is_not_described_as_one(string tensor, string found) =>
        Refused.With(() => Parse($$$"""{"a":{{{tensor}}}}""", new byte[4]), "m.safetensors: tensor 'a'", found);

    [Theory]
    [InlineData("[4,0]", "ascend, found 4..0")]
    [InlineData("[-4,0]", "in data_offsets, found '-4'")]
    [InlineData("[0,4.0]", "in data_offsets, found '4.0'")]
    [InlineData("[0.5,4]", "in data_offsets, found '0.5'")]
    [InlineData("[0,4e0]", "in data_offsets, found '4e0'")]
    [InlineData("[0,9223372036854775808]", "found '9223372036854775808'")]
    [InlineData("[0,9223372036854775807]", "within the 4 bytes of data, found 0..9223372036854775807")]
    [InlineData("[0,8]", "within the 4 bytes of data, found 0..8")]
    [InlineData("[4,8]", "within the 4 bytes of data, found 4..8")]
    public void Refuses_offsets_that_no_range_can_have(string offsets, string found) =>
        Refused.With(() => Parse($"{{\"a\":{SafetensorsBytes.Entry("F32", "[1]", offsets)}}}", new byte[4]), "m.safetensors: tensor 'a'", found);

    [Theory]
    [InlineData("F32", "[2]", "expected 8 bytes for F32 of shape (2), found 4")]
    [InlineData("F32", "[]", null)]
    [InlineData("F16", "[]", "expected 2 bytes for F16 of shape (), found 4")]
    [InlineData("F32", "[0]", "expected 0 bytes")]
    [InlineData("F4", "[7]", "expected 3 bytes")]
    [InlineData("F4", "[8]", null)]
    [InlineData("C64", "[1]", "expected 8 bytes")]
    [InlineData("F32", "[-1]", "in shape, found '-1'")]
    [InlineData("F32", "[1.0]", "in shape, found '1.0'")]
    [InlineData("F32", "[9223372036854775807]", "expected 36893488147419103228 bytes")]
    [InlineData("F32", "[4294967296,4294967296]", "fewer than 2^63 elements, found (4294967296, 4294967296)")]
    [InlineData("F32", "[9223372036854775807,2]", "fewer than 2^63 elements")]
    [InlineData("F32", "[4294967296,4294967296,0]", "fewer than 2^63 elements")]
    [InlineData("F32", "[0,4294967296,4294967296]", "fewer than 2^63 elements")]
    [InlineData("f32", "[1]", "dtype of the format, e.g. F32 or BF16, found 'f32'")]
    [InlineData("Q4_0", "[1]", "found 'Q4_0'")]
    public void Holds_a_shape_and_a_type_to_the_bytes(string type, string shape, string? found)
    {
        var header = $"{{\"a\":{SafetensorsBytes.Entry(type, shape, "[0,4]")}}}";

        if (found is null) Assert.Equal(4, Parse(header, new byte[4]).Tensors["a"].ByteLength);
        else Refused.With(() => Parse(header, new byte[4]), "m.safetensors: tensor 'a'", found);
    }

    [Theory]
    [InlineData("[0,4]", "[0,4]", "tensor 'b': expected bytes of its own, found 0..4 within those of 'a' (0..4)")]
    [InlineData("[0,4]", "[3,7]", "tensor 'b': expected bytes of its own, found 3..7 within those of 'a' (0..4)")]
    [InlineData("[4,8]", "[1,5]", "tensor 'b': expected it to start at byte 0")]
    [InlineData("[0,4]", "[5,9]", "tensor 'b': expected it to start at byte 4 of the data, where the tensor before ends, found 5")]
    [InlineData("[4,8]", "[8,12]", "tensor 'a': expected it to start at byte 0")]
    [InlineData("[0,4]", "[4,8]", "found 4 bytes after the last one")]
    [InlineData("[8,12]", "[4,8]", "tensor 'b': expected it to start at byte 0")]
    public void Refuses_tensors_that_do_not_cover_the_data_once(string first, string second, string found)
    {
        var header = $"{{\"a\":{SafetensorsBytes.Entry("F32", "[1]", first)},\"b\":{SafetensorsBytes.Entry("F32", "[1]", second)}}}";

        Refused.With(() => Parse(header, new byte[12]), "m.safetensors", found);
    }

    [Fact]
    public void Refuses_an_empty_tensor_inside_another_one() => Refused.With(
        () => Parse("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}""", new byte[4]),
        "tensor 'b'",
        "2..2 within those of 'a' (0..4)");

    [Fact]
    public void Refuses_data_that_no_tensor_covers() => Refused.With(() => Parse("{}", 1, 2), "m.safetensors", "found 2 bytes after the last one");

    [Theory]
    [InlineData("""{"__metadata__":{"format":3}}""", "expected a text under 'format', found '3'")]
    [InlineData("""{"__metadata__":{"format":null}}""", "expected a text under 'format', found null")]
    [InlineData("""{"__metadata__":{"format":{}}}""", "expected a text under 'format', found an object")]
    [InlineData("""{"__metadata__":"pt"}""", "expected an object, found the text 'pt'")]
    [InlineData("""{"__metadata__":null}""", "expected an object, found null")]
    public void Refuses_metadata_that_are_not_texts(string header, string found) => Refused.With(() => Parse(header), "m.safetensors: __metadata__", found);

    [Fact]
    public void Quotes_no_more_than_the_start_of_an_endless_name()
    {
        var name = new string('x', 1_000_000);

        var refused = Assert.Throws<InputException>(() => Parse($$"""{"{{name}}":3}"""));

        Assert.InRange(refused.Message.Length, 200, 500);
    }

    [Fact]
    public void A_name_with_a_line_break_still_prints_as_one_line() => Refused.With(() => Parse("""{"a\nb":3}"""), @"tensor 'a\u000ab'");

    [Fact]
    public void Accepts_scalars_and_dimensions_of_0()
    {
        var header = Parse(
            """{"none":{"dtype":"F16","shape":[3,0],"data_offsets":[0,0]},"scalar":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"end":{"dtype":"F64","shape":[0],"data_offsets":[4,4]}}""",
            new byte[4]);

        Assert.Equal(["none", "scalar", "end"], header.Tensors.Keys);
        Assert.Equal([0L, 1L, 0L], header.Tensors.Values.Select(tensor => tensor.Count));
        Assert.Equal("()", header.Tensors["scalar"].ShapeText);
        Assert.Equal("(3, 0)", header.Tensors["none"].ShapeText);
    }

    [Fact]
    public void Accepts_tensors_in_any_order_and_keeps_that_of_the_header()
    {
        const string text = """{"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";

        var header = Parse(text, new byte[6]);

        Assert.Equal(["b", "a"], header.Tensors.Keys);
        Assert.Equal(8 + text.Length + 4, header.Offsets["b"]);
        Assert.Equal(8 + text.Length, header.Offsets["a"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8312)]   // 78 20, the start of a zlib stream
    [InlineData(0x1F8B)]
    public void Accepts_a_header_padded_with_spaces_to_any_length(int length)
    {
        var text = $"{{\"a\":{OneFloat}}}";
        var header = text.PadRight(Math.Max(length, text.Length));

        Assert.Equal(8 + header.Length, Parse(header, new byte[4]).Offsets["a"]);
    }

    [Fact]
    public void Accepts_a_file_without_tensors() => Assert.Empty(Parse("{}      ").Tensors);

    [Fact]
    public void Keeps_the_metadata_in_order()
    {
        var header = Parse("""{"__metadata__":{"format":"pt","a":"\"é\"","empty":""}}""");

        Assert.Equal([("format", "pt"), ("a", "\"é\""), ("empty", "")], header.Metadata.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void Every_cut_of_a_valid_file_is_refused()
    {
        var file = SafetensorsBytes.Of(SafetensorsBytes.Floats("a", [2, 2], 1, 2, 3, 4), ("b", "U8", [3], [1, 2, 3]));

        for (var length = 0; length < file.Length; length++) Refused.With(() => Parse(file[..length]), "m.safetensors");
    }

    [Fact]
    public void A_damaged_header_is_refused_or_describes_tensors_within_the_file()
    {
        var file = SafetensorsBytes.Of(SafetensorsBytes.Floats("a", [2, 2], 1, 2, 3, 4), ("b", "U8", [3], [1, 2, 3]), ("c", "BF16", [], [1, 2]));
        var headerEnd = file.Length - 21;
        var damage = Gen.Select(Gen.Int[0, headerEnd - 1], Gen.Byte).Array[1, 4];

        damage.Sample(
            changes =>
            {
                var damaged = file.ToArray();
                foreach (var (at, value) in changes) damaged[at] = value;
                try
                {
                    var header = Parse(damaged);

                    Assert.All(header.Tensors.Values, tensor => Assert.InRange(header.Offsets[tensor.Name], 8, damaged.Length - tensor.ByteLength));
                    Assert.Equal(damaged.Length - header.Offsets.Values.DefaultIfEmpty(damaged.Length).Min(), header.Tensors.Values.Sum(tensor => tensor.ByteLength));
                }
                catch (InputException)
                {
                }
            },
            iter: 20_000);
    }

    private static SafetensorsHeader Parse(string header, params byte[] data) => Parse(SafetensorsBytes.WithHeader(Encoding.UTF8.GetBytes(header), data));

    private static SafetensorsHeader Parse(byte[] file) => SafetensorsHeader.Parse(file, file.Length, "m.safetensors");
}
