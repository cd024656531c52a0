using Eckart.Formats.Tables;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.Tables;

public sealed class TableFileTests
{
    [Fact]
    public void A_name_that_ends_otherwise_is_refused_at_once()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("rows.xlsx", "");

        Refused.With(() => TableFile.Read(path), "rows.xlsx", ".jsonl, .jsonl.gz, .csv, .tsv, .parquet");
    }

    [Fact]
    public void A_missing_file_is_refused_at_once() => Refused.With(() => TableFile.Read("nowhere.jsonl"), "nowhere.jsonl", "found none");

    [Fact]
    public void The_same_rows_are_read_from_every_format()
    {
        using var folder = new TemporaryFolder();
        string[] paths = [folder.File("a.jsonl", "{\"text\":\"x y\",\"label\":1}"), folder.File("a.csv", "text,label\nx y,1\n"), folder.File("a.tsv", "text\tlabel\nx y\t1\n")];

        Assert.All(paths, path => Assert.Equal("x y 1", TableFile.Read(path).Select(row => $"{row.Text("text")} {row.Label("label")}").Single()));
    }

    [Theory]
    [InlineData("a.jsonl")]
    [InlineData("a.csv")]
    [InlineData("a.parquet")]
    public void A_file_that_fails_while_it_is_read_is_refused(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a file that opens and cannot be read, such as Linux's /proc/self/mem");
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, name);
        File.CreateSymbolicLink(path, "/proc/self/mem");

        Refused.With(() => Table.ReadAll(path), path, "expected ");
    }

    [Fact]
    public void The_file_is_closed_when_reading_stops_early()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.jsonl", "{\"a\":1}\n{\"a\":2}\n");

        Assert.Equal(0, TableFile.Read(path).First().Number);

        using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }
}
