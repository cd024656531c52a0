using System.IO.Compression;
using System.Text;
using Eckart.Formats.Tables;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.Tables;

public sealed class JsonLinesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Byte_order_mark_carriage_returns_blank_lines_and_a_last_line_without_end_are_accepted()
    {
        var path = folder.File("a.jsonl", "\uFEFF{\"text\":\"one\",\"label\":1}\r\n\r\n  \n{\"text\":\"two\",\"label\":0}");

        Row[] rows = [.. TableFile.Read(path)];

        Assert.Equal(["one", "two"], rows.Select(row => row.Text("text")));
        Assert.Equal(["1", "0"], rows.Select(row => row.Label("label")));
        Assert.Equal([0, 1], rows.Select(row => row.Number));
        Assert.Equal([$"{path}:1", $"{path}:4"], rows.Select(row => row.Where));
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("1.0", "1")]
    [InlineData("1e0", "1")]
    [InlineData("-0", "0")]
    [InlineData("0.5", "0.5")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("true", "true")]
    [InlineData("\"one\"", "one")]
    public void Labels_are_read_in_their_shortest_form(string json, string label) =>
        Assert.Equal(label, Single($"{{\"label\":{json}}}").Label("label"));

    [Theory]
    [InlineData("null", "null")]
    [InlineData("[1,2]", "nested")]
    [InlineData("{\"a\":{\"a\":1}}", "nested")]
    [InlineData("3", "number")]
    public void A_value_that_is_not_text_is_refused_where_text_is_needed(string json, string kind)
    {
        var row = Single($"{{\"text\":{json}}}");

        Refused.With(() => row.Text("text"), "a.jsonl:1", "'text'", kind);
    }

    [Fact]
    public void A_missing_field_is_refused_with_the_fields_that_exist() =>
        Refused.With(() => Single("{\"sentence\":\"x\"}").Text("text"), "a.jsonl:1", "expected a field 'text', found 'sentence'");

    [Fact]
    public void Fields_without_number_or_end_are_cut_in_the_message() =>
        Refused.With(
            () => Single($"{{\"{new string('x', 5_000)}\":1,{string.Join(',', Enumerable.Range(0, 50).Select(i => $"\"f{i}\":1"))}}}").Text("text"),
            "x…' (5000 characters), 'f0'", "'f18' and 31 more; name a field that the rows have in the task's file, or add it to the rows");

    [Theory]
    [InlineData("[1]", "expected an object, found a list")]
    [InlineData("3", "expected an object, found a number")]
    [InlineData("null", "expected an object, found null")]
    [InlineData("{\"a\":1,\"a\":2}", "'a' twice")]
    [InlineData("{\"a\":1,\"\\u0061\":2}", "'a' twice")]
    [InlineData("{\"a\":\"\\ud800\"}", "surrogate")]
    [InlineData("{\"a\":\"\\udc00x\"}", "surrogate")]
    [InlineData("{\"p\":\"a\",\"choices\":[\"\\ud800\",\"b\"]}", "expected text, found an escaped surrogate without its pair; write the character itself")]
    [InlineData("{\"a\":[{\"b\":{\"\\udc00\":1}}]}", "surrogate")]
    [InlineData("{\"a\":[1,{\"b\":1,\"c\":[{\"b\":1}],\"\\u0062\":2}]}", "expected each key of an object once, found 'b' twice; remove one of them")]
    [InlineData("{\"a\":1} {\"a\":2}", "found something else at byte 8")]
    [InlineData("{\"a\":1", "found something else")]
    [InlineData("{\"a\":NaN}", "found something else")]
    [InlineData("{'a':1}", "found something else")]
    [InlineData("{\"a\":1,}", "found something else")]
    public void A_line_that_is_not_one_object_is_refused_by_its_number(string line, string message)
    {
        var path = folder.File("a.jsonl", "{\"a\":1}\n\n" + line + "\n");

        Refused.With(() => Table.ReadAll(path), "a.jsonl:3", message);
    }

    [Fact]
    public void Nested_values_are_kept_as_they_are_written()
    {
        const string Nested = "[ {\"b\": [1.0, \"\\u0000\"], \"c\": {}}, {\"b\": []} ]";

        var row = Single($"{{\"a\":{Nested},\"b\":\"x\"}}");

        Assert.Equal(new Cell(CellKind.Nested, Nested), row.Cells["a"]);
        Assert.Equal("x", row.Text("b"));
    }

    [Fact]
    public void Nesting_ten_thousand_deep_is_refused() =>
        Refused.With(() => Single("{\"a\":" + new string('[', 10_000) + new string(']', 10_000) + "}"), "a.jsonl:1");

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        var path = folder.File("a.jsonl", [.. "{\"a\":\"x\"}\n{\"a\":\""u8, 0xC3, 0x28, .. "\"}\n"u8]);

        Refused.With(() => Table.ReadAll(path), "a.jsonl:2", "UTF-8");
    }

    [Fact]
    public void Text_of_controls_special_tokens_and_spaces_is_kept()
    {
        Assert.Equal("\0 <|endoftext|> \u2028", Single("{\"text\":\"\\u0000 <|endoftext|> \\u2028\"}").Text("text"));
        Assert.Equal("   ", Single("{\"text\":\"   \"}").Text("text"));
        Assert.Equal("\U0001F600", Single("{\"text\":\"\\ud83d\\ude00\"}").Text("text"));
    }

    [Fact]
    public void Rows_before_a_bad_one_are_handed_out()
    {
        var rows = TableFile.Read(folder.File("a.jsonl", "{\"a\":\"x\"}\nno\n"));

        Assert.Equal("x", rows.First().Text("a"));
    }

    [Fact]
    public void A_line_of_a_hundred_megabytes_is_refused_before_it_is_read()
    {
        var path = Path.Combine(folder.Path, "a.jsonl");
        using (var file = File.Create(path)) file.SetLength(100 << 20);   // sparse zeros, no line feed

        AssertLittleAllocated(() => Refused.With(() => Table.ReadAll(path), "a.jsonl:1", "at most 16 MiB"));
    }

    [Fact]
    public void Ten_gigabytes_of_zeros_in_gzip_end_at_the_first_line()
    {
        var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(new byte[16 << 20]);
        var path = Path.Combine(folder.Path, "a.jsonl.gz");
        using (var file = File.Create(path))
            for (var i = 0; i < 640; i++) file.Write(member.GetBuffer(), 0, (int)member.Length);   // a gzip file may have many members

        AssertLittleAllocated(() => Refused.With(() => Table.ReadAll(path), "a.jsonl.gz:1", "at most 16 MiB"));
    }

    [Fact]
    public void Gzip_is_read_as_a_stream_and_refused_where_it_is_cut()
    {
        var whole = new MemoryStream();
        using (var gzip = new GZipStream(whole, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(i => $"{{\"text\":\"row {i * 7919 % 1009}\"}}\n"))));
        var bytes = whole.ToArray();

        Assert.Equal(500, TableFile.Read(folder.File("whole.jsonl.gz", bytes)).Count());
        Assert.Equal(1000, TableFile.Read(folder.File("twice.jsonl.gz", [.. bytes, .. bytes])).Count());
        for (var length = 0; length < bytes.Length; length += length < bytes.Length - 40 ? 97 : 1)
            Refused.With(() => Table.ReadAll(folder.File("cut.jsonl.gz", bytes.AsSpan(0, length))), "cut.jsonl.gz:");
        Refused.With(() => Table.ReadAll(folder.File("cut.jsonl.gz", bytes.AsSpan(0, bytes.Length - 1))), "cut.jsonl.gz:501", "cut short");
        bytes[^5] ^= 1;
        Refused.With(() => Table.ReadAll(folder.File("changed.jsonl.gz", bytes)), "changed.jsonl.gz:", "damaged");
        Refused.With(() => Table.ReadAll(folder.File("text.jsonl.gz", "{}")), "text.jsonl.gz:1", "gzip");
    }

    [Fact]
    public void Fields_without_end_are_refused()
    {
        var path = folder.File("a.jsonl", $"{{{string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"\"{i}\":0"))}}}");

        Allocated.WithinReason(path, () => Refused.With(() => Table.ReadAll(path), "a.jsonl:1", "expected at most 16384 fields"));
    }

    [Fact]
    public void An_empty_file_has_no_rows() => Assert.Empty(TableFile.Read(folder.File("a.jsonl", "")));

    private Row Single(string line) => Assert.Single(TableFile.Read(folder.File("a.jsonl", line)));

    private static void AssertLittleAllocated(Action read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        read();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 80 << 20);   // the buffer doubles up to 32 MiB
    }
}
