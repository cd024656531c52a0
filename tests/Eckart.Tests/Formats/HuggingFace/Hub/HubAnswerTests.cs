using Eckart.Formats.HuggingFace.Hub;
using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.HuggingFace.Hub;

public sealed class HubAnswerTests : IDisposable
{
    private const string Api = "/api/";
    private const string Secret = "hf_secretsecretsecret";
    private readonly LoopbackHub hub = new();

    public void Dispose() => hub.Dispose();

    [Theory]
    [InlineData(401, "", "", "org/tiny: expected a model that may be read without a token, found HTTP 401: there is no such public model", "set HF_TOKEN")]
    [InlineData(401, "RepoNotFound", "", "found HTTP 401: there is no such public model, nor a file or folder of that name here", "check the spelling; for a private or gated model set HF_TOKEN")]
    [InlineData(401, "GatedRepo", "", "expected a model that may be read without a token, found HTTP 401; accept its terms at ", "/org/tiny where it is gated, and set HF_TOKEN")]
    [InlineData(403, "", "", "found HTTP 403; accept its terms at ", "/org/tiny where it is gated, and set HF_TOKEN")]
    [InlineData(401, "", Secret, "expected a model that may be read with the token given, found HTTP 401: the token is not accepted, or there is no such model", "check HF_TOKEN")]
    [InlineData(403, "GatedRepo", Secret, "found HTTP 403; accept its terms at ", "see that the token may read it")]
    [InlineData(404, "RepoNotFound", "", "expected a file, a folder, an embedded model or a model of 127.0.0.1, found none of that name (HTTP 404)", "check the spelling; for a private model set HF_TOKEN")]
    [InlineData(404, "", "", "expected a file, a folder, an embedded model or a model of 127.0.0.1, found none of that name (HTTP 404)", "check the spelling")]
    [InlineData(404, "RevisionNotFound", "", "expected a branch, tag or commit 'main' of org/tiny, found none (HTTP 404)", "/org/tiny for its revisions")]
    [InlineData(400, "", "", "expected the hub's answer, found HTTP 400 of 127.0.0.1", "check HF_ENDPOINT")]
    [InlineData(304, "", "", "expected the hub's answer, found HTTP 304", "check HF_ENDPOINT")]
    public async Task A_refusal_says_what_to_do(int status, string code, string token, string found, string remedy)
    {
        hub.Environment["HF_TOKEN"] = token;
        hub.Misbehave = request => request.Path.StartsWith(Api, StringComparison.Ordinal) ? new LoopbackReply(status, [], ("X-Error-Code", code)) : null;

        await hub.Refuses([found, remedy]);

        Assert.Single(hub.Asked);
        Assert.Empty(hub.Waits);
        Assert.Empty(Directory.GetFileSystemEntries(hub.Home));
    }

    [Fact]
    public async Task A_revision_that_is_not_there_is_told_from_a_model_that_is_not()
    {
        hub.Misbehave = request => request.Path.StartsWith(Api, StringComparison.Ordinal) ? new LoopbackReply(404, []) : null;

        await hub.Refuses(["org/tiny@v9: expected a branch, tag or commit 'v9' of org/tiny, found none, or no such model (HTTP 404)"], "org/tiny@v9");
    }

    [Theory]
    [InlineData(404, "org/tiny: config.json: expected a file that the hub lists, found HTTP 404")]
    [InlineData(403, "org/tiny: expected a model that may be read without a token, found HTTP 403; accept its terms")]
    [InlineData(416, "org/tiny: config.json: expected the file, found HTTP 416 though no range was asked for")]
    public async Task A_file_that_is_refused_is_named(int status, string problem)
    {
        hub.Misbehave = request => request.Path.EndsWith("config.json", StringComparison.Ordinal) ? new LoopbackReply(status, []) : null;

        await hub.Refuses([problem]);
    }

    [Fact]
    public async Task A_mirror_may_lie_below_a_path()
    {
        hub.Environment["HF_ENDPOINT"] = $"{hub.Server.Address}a/mirror/";
        hub.Misbehave = request => request.Path.StartsWith("/a/mirror/", StringComparison.Ordinal) ? hub.Behave(request with { Path = request.Path["/a/mirror".Length..] }) : new LoopbackReply(400, []);

        Assert.Equal(hub.Snapshot, (await hub.Find()).Path);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(408)]
    public async Task A_busy_hub_is_asked_again_ever_later(int status)
    {
        var refusals = 3;
        hub.Misbehave = _ => refusals-- > 0 ? new LoopbackReply(status, []) : null;

        await hub.Find();

        Assert.Equal([1, 2, 4], hub.Waits.Select(wait => wait.TotalSeconds));
    }

    [Theory]
    [InlineData(Api)]
    [InlineData("/org/tiny/resolve/")]
    public async Task A_hub_that_stays_busy_is_given_up(string path)
    {
        hub.Misbehave = request => request.Path.StartsWith(path, StringComparison.Ordinal) ? new LoopbackReply(503, []) : null;

        await hub.Refuses([LoopbackHub.Id, ": expected an answer of the hub, found HTTP 503 of 127.0.0.1, 5 times; check the network and HF_ENDPOINT"]);

        Assert.Equal([1, 2, 4, 8], hub.Waits.Select(wait => wait.TotalSeconds));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    [InlineData("100000", 60)]
    [InlineData("Wed, 01 Jan 2025 00:00:09 GMT", 9)]
    [InlineData("Wed, 01 Jan 2020 00:00:00 GMT", 0)]
    [InlineData("soon", 1)]
    public async Task A_hub_that_says_when_is_asked_then_but_not_much_later(string after, double seconds)
    {
        hub.Platform = hub.Platform with { Clock = new Clock(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)) };
        var refusals = 1;
        hub.Misbehave = _ => refusals-- > 0 ? new LoopbackReply(429, [], ("Retry-After", after)) : null;

        await hub.Find();

        Assert.Equal([seconds], hub.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task A_busy_hub_is_not_waited_for_where_the_cache_will_do()
    {
        await hub.Find();
        hub.Misbehave = _ => new LoopbackReply(503, []);

        var snapshot = await hub.Find();

        Assert.Equal(hub.Snapshot, snapshot.Path);
        Assert.NotNull(snapshot.Note);
        Assert.Empty(hub.Waits);
    }

    [Fact]
    public async Task A_refusal_counts_where_the_cache_would_do()
    {
        await hub.Find();
        hub.Misbehave = _ => new LoopbackReply(403, []);

        await hub.Refuses(["found HTTP 403"]);
    }

    [Theory]
    [InlineData("pytorch_model.bin", HubContent.Checkpoint, "expected model.safetensors or model.safetensors.index.json in this repository, found only a pickle, 'pytorch_model.bin', and loading a pickle can run any code that it holds", "convert it")]
    [InlineData("tiny-Q4_0.gguf", HubContent.Checkpoint, "found only .gguf files such as 'tiny-Q4_0.gguf'", "download the .gguf file that you want, and give its path to --model")]
    [InlineData("notes.txt", HubContent.Checkpoint, "found neither", "saved as safetensors")]
    [InlineData("tokenizer.model", HubContent.Tokenizer, "expected tokenizer.json in this repository, found none", "tokenizer.json")]
    public async Task A_repository_without_what_is_wanted_is_refused_before_a_download(string has, HubContent content, string found, string remedy)
    {
        hub.Files.Remove("model.safetensors");
        hub.Files.Remove("tokenizer.json");
        hub.Files[has] = [1];

        await hub.Refuses([found, remedy], content: content);

        Assert.Single(hub.Asked);
        Assert.Empty(Directory.GetFileSystemEntries(hub.Home));
    }

    [Fact]
    public async Task Weights_without_a_configuration_are_refused()
    {
        hub.Files.Remove("config.json");

        await hub.Refuses(["expected config.json beside model.safetensors, found none"]);
    }

    [Fact]
    public async Task Safetensors_are_taken_where_there_is_a_pickle_too()
    {
        hub.Files["pytorch_model.bin"] = [1];

        await hub.Find();

        Assert.DoesNotContain(hub.Asked, path => path.EndsWith(".bin", StringComparison.Ordinal));
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
