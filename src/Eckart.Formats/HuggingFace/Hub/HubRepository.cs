using System.Text;

namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>One model's place in the cache: <c>refs</c> name commits, <c>snapshots</c> hold a folder a commit whose files are links into <c>blobs</c>.</summary>
/// <remarks>Source: the layout that the hub documents for all its tools ("Hub Local Cache"). What any of them has downloaded is found here, and the other way round.</remarks>
internal sealed class HubRepository(string cache, string repository, HubPlatform platform)
{
    private readonly string name = $"models--{repository.Replace("/", "--", StringComparison.Ordinal)}";

    public string Folder => Path.Combine(cache, name);

    public string Snapshot(string commit) => Path.Combine(Folder, "snapshots", commit);

    public string InSnapshot(string commit, string file) => Path.Combine(Snapshot(commit), file);

    public string Blob(string digest) => Path.Combine(Folder, "blobs", digest);

    public string Lock(string digest) => Path.Combine(cache, ".locks", name, $"{digest}.lock");

    /// <summary>The commit that a branch or tag named when it was last asked for; null where it never was.</summary>
    public string? Commit(string revision)
    {
        var path = Ref(revision);
        try
        {
            return File.Exists(path) && File.ReadAllText(path).Trim() is var commit && HubId.IsCommitName(commit) ? commit : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected a file with a commit, found one that cannot be read: {e.Message}", "check its permissions, or name another cache in HF_HUB_CACHE", e);
        }
    }

    /// <summary>Remembers what a branch or tag names. Last of all: whoever follows it finds whole files.</summary>
    public void Point(string revision, string commit)
    {
        if (Commit(revision) == commit) return;
        MakeFolderOf(Ref(revision));
        AtomicFile.Write(Ref(revision), Encoding.ASCII.GetBytes(commit));
    }

    /// <summary>Whether a commit's folder holds enough to open it.</summary>
    public bool CanOpen(string commit, HubContent content)
    {
        bool Has(string file) => SizeOf(InSnapshot(commit, file)) is not null;
        if (content == HubContent.Tokenizer) return Has(HubSelection.Tokenizer);
        return Has(HubSelection.Config) && HubSelection.Weights(Has) is { } weights && (weights == CheckpointFolder.SingleFile || ShardsOf(InSnapshot(commit, weights)).All(Has));
    }

    /// <summary>Whether it is known, too, if the model has a tokenizer: other tools may have fetched weights alone.</summary>
    public bool IsComplete(string commit, HubContent content) => CanOpen(commit, content)
        && (SizeOf(InSnapshot(commit, HubSelection.Tokenizer)) is not null || File.Exists(AbsenceOf(commit, HubSelection.Tokenizer)));

    /// <summary>Remembers that a commit has no such file, where the hub's tools remember it.</summary>
    public void NoteAbsence(string commit, string file)
    {
        var mark = AbsenceOf(commit, file);
        if (File.Exists(mark)) return;
        MakeFolderOf(mark);
        AtomicFile.Write(mark, []);
    }

    /// <summary>Whether a commit's folder holds this file whole, by its size: a file gets its name once its digest is checked.</summary>
    public bool Holds(string commit, HubFile file) => SizeOf(InSnapshot(commit, file.Name)) == file.Size;

    public bool HoldsBlob(HubFile file) => SizeOf(Blob(file.Digest)) == file.Size;

    /// <summary>Puts a whole blob into a commit's folder: a link, or the file itself where there can be no links.</summary>
    public void Place(string commit, HubFile file)
    {
        var (place, beside) = (InSnapshot(commit, file.Name), $"{InSnapshot(commit, file.Name)}.{Path.GetRandomFileName()}.tmp");
        MakeFolderOf(place);
        try
        {
            try
            {
                platform.MakeLink(beside, Path.Combine("..", "..", "blobs", file.Digest));
                File.Move(beside, place, overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
            {
                File.Delete(beside);
                File.Move(Blob(file.Digest), place, overwrite: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(place, e);
        }
    }

    /// <summary>Makes the folder that a file shall lie in.</summary>
    public static void MakeFolderOf(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(file, e);
        }
    }

    public static InputException CannotWrite(string path, Exception e) =>
        new(path, $"expected to write to the hub's cache, found: {e.Message}", "make room, or name a folder that can be written to in HF_HUB_CACHE", e);

    private string Ref(string revision) => Path.Combine(Folder, "refs", revision.Replace('/', Path.DirectorySeparatorChar));

    private string AbsenceOf(string commit, string file) => Path.Combine(Folder, ".no_exist", commit, file);

    // An index that another tool left damaged is one to be downloaded again.
    private static IReadOnlyList<string> ShardsOf(string index)
    {
        try
        {
            return ShardIndex.Load(index).Shards;
        }
        catch (InputException)
        {
            return [""];
        }
    }

    // Null where there is no such file, or a link to none.
    private static long? SizeOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.ResolveLinkTarget(returnFinalTarget: true) is { } target) file = new FileInfo(target.FullName);
            return file.Exists ? file.Length : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
