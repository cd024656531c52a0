using CsCheck;
using Eckart.Formats.Tables;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.Tables;

public sealed class DelimitedTextTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Quotes_delimiters_and_line_breaks_inside_quotes_belong_to_the_field()
    {
        var path = folder.File("a.csv", "\uFEFFtext,label\r\n\"one, \"\"two\"\"\r\nthree\nfour\",1\r\n\r\nplain \"quote\",\"0\"");

        Row[] rows = [.. TableFile.Read(path)];

        Assert.Equal("one, \"two\"\r\nthree\nfour", rows[0].Text("text"));
        Assert.Equal("plain \"quote\"", rows[1].Text("text"));
        Assert.Equal(["1", "0"], rows.Select(row => row.Label("label")));
        Assert.Equal([$"{path}:2", $"{path}:6"], rows.Select(row => row.Where));
    }

    [Fact]
    public void Tabs_delimit_a_tsv_and_commas_do_not()
    {
        var row = Assert.Single(TableFile.Read(folder.File("a.tsv", "text\tlabel\none, two\t\"x\ty\"\n")));

        Assert.Equal("one, two", row.Text("text"));
        Assert.Equal("x\ty", row.Label("label"));
    }

    [Fact]
    public void Empty_fields_are_empty_text()
    {
        var row = Assert.Single(TableFile.Read(folder.File("a.csv", "a,b,c\n,,\n")));

        Assert.Equal(["", "", ""], row.Cells.Values.Select(cell => cell.Text));
    }

    [Fact]
    public void A_header_alone_is_a_table_without_rows() => Assert.Empty(TableFile.Read(folder.File("a.csv", "text,label\n")));

    [Theory]
    [InlineData("", "a.csv: ", "names the columns")]
    [InlineData("a,a\n1,2\n", "a.csv:1", "'a' twice")]
    [InlineData("a,b\n1,2\n1\n", "a.csv:3", "expected 2 fields as in the header, found 1")]
    [InlineData("a,b\n1,2,3\n", "a.csv:2", "found 3")]
    [InlineData("a,b\n1,\"2\n3,4\n", "a.csv:2", "expected a closing quote")]
    [InlineData("a,b\n\"1\"x,2\n", "a.csv:2", "after a closing quote")]
    public void A_malformed_table_is_refused_by_its_line(string text, string where, string message) =>
        Refused.With(() => Table.ReadAll(folder.File("a.csv", text)), where, message);

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused() =>
        Refused.With(() => Table.ReadAll(folder.File("a.csv", [.. "a\nx\n"u8, 0xFF, (byte)'\n'])), "a.csv:3", "UTF-8");

    [Fact]
    public void A_quoted_field_without_end_is_refused_before_it_fills_the_memory()
    {
        var path = Path.Combine(folder.Path, "a.csv");
        using (var writer = new StreamWriter(path))
        {
            writer.Write("a\n\"");
            for (var i = 0; i < 40; i++) writer.Write(new string('x', 1 << 19) + "\n");
        }

        Refused.With(() => Table.ReadAll(path), "a.csv:2", "closing quote");
    }

    [Theory]
    [InlineData("", "a.csv:1")]
    [InlineData("a,b\n", "a.csv:2")]
    public void A_line_of_delimiters_alone_is_refused_before_it_fills_the_memory(string before, string where)
    {
        var path = folder.File("a.csv", before + new string(',', 4_000_000));

        Allocated.WithinReason(path, () => Refused.With(() => Table.ReadAll(path), where, "expected at most 16384 fields"));
    }

    [Fact]
    public void What_is_written_by_the_standard_is_read_back() =>
        Gen.String[Gen.Char["ab,\"\n\r\t é"], 0, 8].Array[2].Array[1, 5].Sample(rows =>
        {
            var text = "x,y\r\n" + string.Concat(rows.Select(row => string.Join(',', row.Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\r\n"));

            var read = TableFile.Read(folder.File("a.csv", text)).Select(row => new[] { row.Text("x"), row.Text("y") });

            return rows.Zip(read).All(pair => pair.First.SequenceEqual(pair.Second));
        }, iter: 200, threads: 1);
}
