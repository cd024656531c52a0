using Eckart.Formats;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_is_made_or_replaced_and_nothing_else_is_left()
    {
        var path = Path.Combine(folder.Path, "plan.yaml");

        AtomicFile.Write(path, "a longer first version"u8);
        AtomicFile.Write(path, "second"u8);

        Assert.Equal("second", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_reader_of_the_old_version_keeps_it()
    {
        var path = folder.File("plan.yaml", "first");
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

        AtomicFile.Write(path, "second"u8);

        Assert.Equal("first", reader.ReadToEnd());
    }

    [Fact]
    public void What_cannot_be_replaced_is_refused_and_left_alone()
    {
        var path = Path.Combine(folder.Path, "taken");
        Directory.CreateDirectory(Path.Combine(path, "by a folder"));

        Refused.With(() => AtomicFile.Write(path, "x"u8), "taken", "expected to write 1 bytes");

        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_writer_that_fails_half_way_leaves_the_old_version_and_nothing_else()
    {
        var path = folder.File("plan.yaml", "first");

        Refused.With(
            () => AtomicFile.Write(path, 7, stream =>
            {
                stream.Write("sec"u8);
                throw new IOException("no space left");
            }),
            "plan.yaml",
            "expected to write 7 bytes, found: no space left");

        Assert.Equal("first", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void What_is_written_in_pieces_stands_there_whole()
    {
        var path = Path.Combine(folder.Path, "plan.yaml");

        AtomicFile.Write(path, 6, stream =>
        {
            stream.Write("sec"u8);
            stream.Write("ond"u8);
        });

        Assert.Equal("second", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_missing_folder_is_refused()
    {
        Refused.With(() => AtomicFile.Write(Path.Combine(folder.Path, "missing", "x"), "x"u8), "missing");
    }
}
