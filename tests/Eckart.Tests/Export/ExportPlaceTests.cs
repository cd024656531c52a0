using Eckart.Tests.Support;

namespace Eckart.Tests.Export;

public sealed class ExportPlaceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Out => Path.Combine(folder.Path, "out");

    [Fact]
    public void A_folder_that_is_there_is_left_alone_unless_it_is_to_be_replaced_and_then_goes_whole()
    {
        var source = TinyModel.Write(folder);
        SomeExport.Write(source, Out, "none");
        folder.File("out/mine.txt", "mine");

        Refused.With(() => SomeExport.Write(source, Out, "mlp@1:0.5"), "out: expected no folder of that name, found one; name another, or replace it with --force");
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Out, "mine.txt")));

        var matrices = SomeExport.Write(source, Out, "mlp@1:0.5", settings => settings with { Replace = true });
        Assert.Equal(3, matrices.Count);
        Assert.False(File.Exists(Path.Combine(Out, "mine.txt")));
        Assert.Equal([Out, source], Directory.GetFileSystemEntries(folder.Path).Order());
    }

    [Fact]
    public void A_folder_that_is_no_models_is_not_replaced()
    {
        var source = TinyModel.Write(folder);
        var letter = folder.File("out/letter.txt", "dear");

        Refused.With(() => SomeExport.Write(source, Out, "none", settings => settings with { Replace = true }), "expected a model's folder to replace, found one without a config.json");

        Assert.Equal("dear", File.ReadAllText(letter));
    }

    [Theory]
    [InlineData("tiny", "is the source itself")]
    [InlineData("tiny/", "is the source itself")]
    [InlineData("link", "is the source itself")]
    [InlineData("tiny/inner", "lies in the source's")]
    [InlineData("link/inner", "lies in the source's")]
    [InlineData(".", "holds the source")]
    [InlineData("file", "found a file")]
    [InlineData("file/under", "file")]
    public void A_place_that_would_harm_something_is_refused(string place, string problem)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making links takes a privilege on Windows.");
        var source = TinyModel.Write(folder);
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "link"), "tiny");
        folder.File("file", "a file");
        var before = Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order().ToArray();

        Refused.With(() => SomeExport.Write(source, Path.Combine(folder.Path, place), "none", settings => settings with { Replace = true }), problem);

        Assert.Equal(before, Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order());
    }

    [Fact]
    public void Shards_that_lie_where_a_replaced_folder_would_go_are_no_less_the_source()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making links takes a privilege on Windows.");
        var golden = Shared.Find("golden/checkpoints/llama-legacy-sharded-bf16");
        var (snapshot, blobs) = (Path.Combine(folder.Path, "models--x/snapshots/1"), Path.Combine(folder.Path, "models--x/blobs"));
        Directory.CreateDirectory(snapshot);
        Directory.CreateDirectory(blobs);
        foreach (var file in Directory.GetFiles(golden))
        {
            File.WriteAllBytes(Path.Combine(blobs, Path.GetFileName(file)), File.ReadAllBytes(file));
            File.CreateSymbolicLink(Path.Combine(snapshot, Path.GetFileName(file)), $"../../blobs/{Path.GetFileName(file)}");
        }

        Refused.With(() => SomeExport.Write(snapshot, blobs, "none", settings => settings with { Replace = true }), "holds the source");
        SomeExport.Write(snapshot, Out, "none");

        Assert.Equal(File.ReadAllBytes(Path.Combine(golden, "model-00002-of-00003.safetensors")), File.ReadAllBytes(Path.Combine(Out, "model-00002-of-00003.safetensors")));
    }

    [Fact]
    public void Folders_above_it_are_made()
    {
        var source = TinyModel.Write(folder);

        SomeExport.Write(source, Path.Combine(Out, "a", "b"), "none");

        Assert.True(File.Exists(Path.Combine(Out, "a", "b", "model.safetensors")));
    }

    [Fact]
    public void One_that_is_stopped_leaves_what_was_there_and_nothing_else()
    {
        var source = TinyModel.Write(folder);
        SomeExport.Write(source, Out, "none");
        var before = File.ReadAllBytes(Path.Combine(Out, "README.md"));
        using var stop = new CancellationTokenSource();
        var tensors = 0;

        Assert.Throws<OperationCanceledException>(() =>
            SomeExport.WriteUntil(source, Out, "mlp@1:0.5", settings => settings with { Replace = true }, () => { if (++tensors == 5) stop.Cancel(); }, stop.Token));

        Assert.Equal(5, tensors);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Out, "README.md")));
        Assert.Equal([Out, source], Directory.GetFileSystemEntries(folder.Path).Order());
    }
}
