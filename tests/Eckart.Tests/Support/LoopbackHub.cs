using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Eckart.Formats.HuggingFace.Hub;

namespace Eckart.Tests.Support;

/// <summary>A hub of one model on this machine, that behaves until it is told not to; with a fresh home for its cache.</summary>
internal sealed class LoopbackHub : IDisposable
{
    public const string Id = "org/tiny";
    private readonly TemporaryFolder home = new();

    public LoopbackHub()
    {
        Server = new LoopbackServer(request => Misbehave(request) ?? Behave(request));
        Platform = HubPlatform.Machine with
        {
            Wait = (time, _) =>
            {
                Waits.Add(time);
                return Task.CompletedTask;
            },
        };
    }

    public LoopbackServer Server { get; }

    public HubPlatform Platform { get; set; }

    /// <summary>The waits between tries; nobody really waits.</summary>
    public List<TimeSpan> Waits { get; } = [];

    public string Commit { get; set; } = new('c', 40);

    /// <summary>The files of the model; those of weights are published as large ones.</summary>
    public Dictionary<string, byte[]> Files { get; } = new()
    {
        ["config.json"] = "{}"u8.ToArray(),
        ["tokenizer.json"] = """{"version": "1.0"}"""u8.ToArray(),
        ["README.md"] = "not needed"u8.ToArray(),
        ["model.safetensors"] = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))],
    };

    /// <summary>An answer in place of the right one, or null for that.</summary>
    public Func<LoopbackRequest, LoopbackReply?> Misbehave { get; set; } = _ => null;

    /// <summary>The environment that leads here.</summary>
    public Dictionary<string, string> Environment => variables ??= new() { ["HF_ENDPOINT"] = Server.Address.ToString(), ["HF_HOME"] = home.Path };

    public string Home => home.Path;

    public string Repository => Path.Combine(home.Path, "hub", "models--org--tiny");

    public string Snapshot => Path.Combine(Repository, "snapshots", Commit);

    public IEnumerable<string> Asked => Server.Requests.Select(request => request.Path);

    private Dictionary<string, string>? variables;

    public static string DigestOf(string name, byte[] bytes) => IsLarge(name)
        ? Convert.ToHexStringLower(SHA256.HashData(bytes))
#pragma warning disable CA5350 // git names blobs by SHA-1
        : Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));
#pragma warning restore CA5350

    public string Blob(string name) => Path.Combine(Repository, "blobs", DigestOf(name, Files[name]));

    public HubSource Source() => new(HubSettings.FromEnvironment(name => Environment.GetValueOrDefault(name)), Platform);

    public Task<HubSnapshot> Find(string id = Id, HubContent content = HubContent.Checkpoint, Action<BytesDone>? progress = null) =>
        Source().FindAsync(HubId.Parse(id)!, content, progress, TestContext.Current.CancellationToken);

    /// <summary>Expects one problem that holds the parts given.</summary>
    public async Task Refuses(string[] parts, string id = Id, HubContent content = HubContent.Checkpoint)
    {
        var refused = await Assert.ThrowsAsync<Eckart.Formats.InputException>(() => Find(id, content));

        var line = Assert.Single(refused.Problems).ToString();
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
    }

    /// <summary>Writes a part of a file where an interrupted download leaves it.</summary>
    public void LeavePart(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.Combine(Repository, "blobs"));
        File.WriteAllBytes($"{Blob(name)}.incomplete", bytes);
    }

    /// <summary>The answer of the API.</summary>
    public JsonObject Listing() => new()
    {
        ["id"] = Id,
        ["sha"] = Commit,
        ["siblings"] = new JsonArray([.. Files.Select(file => Sibling(file.Key, file.Value))]),
    };

    /// <summary>The right answer.</summary>
    public LoopbackReply Behave(LoopbackRequest request)
    {
        if (request.Path.StartsWith("/api/models/org/tiny/revision/", StringComparison.Ordinal)) return new LoopbackReply(200, Encoding.UTF8.GetBytes(Listing().ToJsonString()));
        var name = request.Path.StartsWith($"/{Id}/resolve/{Commit}/", StringComparison.Ordinal) ? Uri.UnescapeDataString(request.Path[$"/{Id}/resolve/{Commit}/".Length..]) : "";
        if (!Files.TryGetValue(name, out var bytes)) return new LoopbackReply(404, []);
        return request.From switch
        {
            0 => new LoopbackReply(200, bytes),
            var from when from >= bytes.Length => new LoopbackReply(416, []),
            var from => new LoopbackReply(206, bytes[from..], ("Content-Range", $"bytes {from}-{bytes.Length - 1}/{bytes.Length}")),
        };
    }

    public void Dispose()
    {
        Server.Dispose();
        home.Dispose();
    }

    private static bool IsLarge(string name) => name.EndsWith(".safetensors", StringComparison.Ordinal);

    private static JsonObject Sibling(string name, byte[] bytes)
    {
        var sibling = new JsonObject { ["rfilename"] = name, ["size"] = bytes.Length, ["blobId"] = IsLarge(name) ? new string('b', 40) : DigestOf(name, bytes) };
        if (IsLarge(name)) sibling["lfs"] = new JsonObject { ["sha256"] = DigestOf(name, bytes), ["size"] = bytes.Length, ["pointerSize"] = 134 };
        return sibling;
    }
}
