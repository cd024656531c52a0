using Eckart.Formats.Tables;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.Tables;

public sealed class SplitFolderTests
{
    [Fact]
    public void The_one_table_of_a_split_is_found_among_other_files()
    {
        using var folder = new TemporaryFolder();
        folder.File("train.txt", "");
        folder.File("test.csv", "");
        var path = folder.File("train.jsonl.gz", "");

        Assert.Equal(path, SplitFolder.Find(folder.Path, "train"));
    }

    [Fact]
    public void Two_tables_for_one_split_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        folder.File("train.jsonl", "");
        folder.File("train.csv", "");

        Refused.With(() => SplitFolder.Find(folder.Path, "train"), folder.Path, "found train.jsonl, train.csv", "remove all but one");
    }

    [Fact]
    public void A_missing_table_is_refused_with_all_that_was_looked_for() =>
        Refused.With(() => SplitFolder.Find("nowhere", "test", "download it"), "nowhere: ", "test.jsonl, test.jsonl.gz, test.csv, test.tsv, test.parquet", "; download it");
}
