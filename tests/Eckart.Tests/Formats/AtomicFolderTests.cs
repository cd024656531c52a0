using Eckart.Formats;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats;

public sealed class AtomicFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Model => Path.Combine(folder.Path, "model");

    [Fact]
    public void A_folder_is_made_or_replaced_whole_and_nothing_else_is_left()
    {
        AtomicFolder.Write(Model, replace: false, Fill("first", "one"));
        Refused.With(() => AtomicFolder.Write(Model, replace: false, Fill("second", "two")), "model: expected no folder of that name, found one");
        AtomicFolder.Write(Model + Path.DirectorySeparatorChar, replace: true, Fill("second", "two"));

        Assert.Equal([Path.Combine(Model, "second")], Directory.GetFileSystemEntries(Model));
        Assert.Equal([Model], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_writer_that_fails_leaves_what_was_there_and_nothing_else()
    {
        AtomicFolder.Write(Model, replace: false, Fill("first", "one"));

        Refused.With(
            () => AtomicFolder.Write(Model, replace: true, path =>
            {
                File.WriteAllText(Path.Combine(path, "half"), "x");
                throw new IOException("no space left");
            }),
            "model: expected a folder that can be written, found: no space left");

        Assert.Equal("one", File.ReadAllText(Path.Combine(Model, "first")));
        Assert.Equal([Model], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void What_a_killed_writer_left_goes_and_what_a_living_one_holds_and_what_is_anothers_stays()
    {
        string[] dead = ["model.abcdefgh.ij0.tmp", "model.12345678.abc.old"];
        string[] others = ["model.v2", "model.abcdefgh.ij0.tmp.mine", "models.abcdefgh.ij0.tmp", "model.living00.abc.tmp"];
        foreach (var name in dead.Concat(others)) folder.File($"{name}/file", "x");
        folder.File($"{dead[0]}/.writing", "");
        using (new FileStream(Path.Combine(folder.Path, others[^1], ".writing"), FileMode.CreateNew, FileAccess.Write, FileShare.None))
            AtomicFolder.Write(Model, replace: false, Fill("first", "one"));

        Assert.Equal([.. others.Append("model").Order(StringComparer.Ordinal)], Directory.GetFileSystemEntries(folder.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_writer_that_fails_leaves_what_an_earlier_one_put_aside()
    {
        folder.File("model.12345678.abc.old/file", "the only one left");

        Assert.Throws<InputException>(() => AtomicFolder.Write(Model, replace: true, _ => throw new IOException("no space left")));

        Assert.Equal("the only one left", File.ReadAllText(Path.Combine(folder.Path, "model.12345678.abc.old", "file")));
    }

    private static Action<string> Fill(string name, string text) => path => File.WriteAllText(Path.Combine(path, name), text);
}
