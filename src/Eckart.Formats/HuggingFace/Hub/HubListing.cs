using System.Text.Json;
using System.Text.Json.Nodes;

namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>The commit behind a revision and its files, as the hub's API answers. Nothing in it is trusted.</summary>
internal sealed class HubListing
{
    /// <summary>More than the longest answer of a real repository by far.</summary>
    public const int LongestAnswer = 64 << 20;

    private const long LargestFile = 1L << 44;
    private const string Remedy = "check HF_ENDPOINT; if it is right, the hub is at fault: try again later";
    private readonly string where;
    private readonly Dictionary<string, JsonObject> files = new(StringComparer.Ordinal);

    private HubListing(string commit, string where) => (Commit, this.where) = (commit, where);

    /// <summary>40 hexadecimal digits.</summary>
    public string Commit { get; }

    /// <summary>Every file's path, in the answer's order.</summary>
    public IReadOnlyCollection<string> Names => files.Keys;

    /// <summary>Reads the answer; every name in it stays inside a folder, and none is there twice.</summary>
    public static HubListing Parse(byte[] answer, string where)
    {
        var json = JsonObjectFile.Parse(answer, where, Remedy);
        if (Text(json, "sha") is not { } commit || !HubId.IsCommitName(commit)) throw Refuse(where, "a commit of 40 hexadecimal digits as 'sha'", "none");
        if (json["siblings"] is not JsonArray siblings) throw Refuse(where, "a list of files as 'siblings'", "none");

        var listing = new HubListing(commit, where);
        foreach (var sibling in siblings)
        {
            if (sibling is not JsonObject file || Text(file, "rfilename") is not { } name) throw Refuse(where, "files with a text 'rfilename'", "one without");
            if (!StaysInside(name)) throw Refuse(where, "names of files inside the repository", Excerpt.Of(name));
            if (!listing.files.TryAdd(name, file)) throw Refuse(where, "every file once", $"{Excerpt.Of(name)} twice");
        }

        return listing;
    }

    public bool Has(string name) => files.ContainsKey(name);

    /// <summary>What is published of one of the files.</summary>
    public HubFile File(string name)
    {
        var large = files[name]["lfs"] as JsonObject;
        var file = $"{where}: {name}";
        if ((large ?? files[name])["size"] is not JsonValue number || number.GetValueKind() != JsonValueKind.Number || !number.TryGetValue<long>(out var size) || size is < 0 or > LargestFile)
            throw Refuse(file, $"a size of 0 to {LargestFile} bytes", (large ?? files[name])["size"] is { } other ? Excerpt.Of(other.ToJsonString()) : "none");
        var digits = large is null ? 40 : HubFile.Sha256Digits;
        var digest = large is null ? Text(files[name], "blobId") : Text(large, "sha256");
        return digest is not null && digest.Length == digits && digest.All(char.IsAsciiHexDigitLower)
            ? new HubFile(name, size, digest)
            : throw Refuse(file, $"a digest of {digits} hexadecimal digits", digest is null ? "none" : Excerpt.Of(digest));
    }

    private static bool StaysInside(string name) =>
        !name.Any(c => c == '\\' || char.IsControl(c)) && name.Split('/').All(part => part is not ("" or "." or "..")) && !(name.Length > 1 && name[1] == ':');

    private static string? Text(JsonObject json, string key) => json[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static InputException Refuse(string where, string expected, string found) => new(where, $"expected {expected} in the hub's answer, found {found}", Remedy);
}
