using System.Text.RegularExpressions;

namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>A model on the Hugging Face hub: <c>org/name</c>, or <c>org/name@revision</c>.</summary>
/// <param name="Repository"><c>org/name</c>.</param>
/// <param name="Revision">A branch, a tag, or a commit of 40 hexadecimal digits.</param>
public sealed partial record HubId(string Repository, string Revision)
{
    /// <summary>The branch that is meant where none is named.</summary>
    public const string DefaultRevision = "main";

    private const int LongestRevision = 200;

    // Names that end so are of files: models/typo.gguf is a path that is missing, and nobody else is asked for it.
    private static readonly string[] FileEndings = [".gguf", ".safetensors", ".json", ".bin", ".pt", ".pth", ".ckpt", ".yaml"];

    /// <summary>Whether the revision is a commit in full, which never changes.</summary>
    public bool IsCommit => IsCommitName(Revision);

    /// <summary>Reads an id.</summary>
    /// <param name="text">As typed.</param>
    /// <returns>Null where it is none, so that it can only be a path. Whether there is such a path is not looked at.</returns>
    public static HubId? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Written().Match(text) is not { Success: true } match) return null;
        var (repository, revision) = (match.Groups["repository"].Value, match.Groups["revision"].Value);
        if (repository.Contains("--", StringComparison.Ordinal) || text.Contains("..", StringComparison.Ordinal) || revision.Length > LongestRevision) return null;
        if (FileEndings.Any(ending => repository.EndsWith(ending, StringComparison.OrdinalIgnoreCase))) return null;
        return new HubId(repository, revision.Length == 0 ? DefaultRevision : revision);
    }

    /// <summary>The <c>org/name</c> whose snapshot in a cache a folder is; null where it is none.</summary>
    /// <param name="folder">Any path.</param>
    public static string? RepositoryOf(string folder)
    {
        var place = SnapshotFolder().Match(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return place.Success ? $"{place.Groups["organisation"].Value}/{place.Groups["name"].Value}" : null;
    }

    /// <summary>As it is typed; the default revision is left out.</summary>
    public override string ToString() => Revision == DefaultRevision ? Repository : $"{Repository}@{Revision}";

    internal static bool IsCommitName(string text) => Commit().IsMatch(text);

    [GeneratedRegex(@"\A(?<repository>[A-Za-z0-9_]([A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?/[A-Za-z0-9_]([A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?)(@(?<revision>[A-Za-z0-9_][A-Za-z0-9._+-]*(/[A-Za-z0-9_][A-Za-z0-9._+-]*)*))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Written();

    [GeneratedRegex(@"\A[0-9a-f]{40}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Commit();

    [GeneratedRegex(@"[/\\]models--(?<organisation>[A-Za-z0-9._-]+?)--(?<name>[A-Za-z0-9._-]+)[/\\]snapshots[/\\][0-9a-f]{40}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SnapshotFolder();
}
