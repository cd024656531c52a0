using Eckart.Tests.Support;

namespace Eckart.Tests.Formats.HuggingFace.Hub;

public sealed class HubRedirectionTests : IDisposable
{
    private const string Secret = "hf_secretsecretsecret";
    private readonly LoopbackHub hub = new();
    private readonly LoopbackServer store;

    public HubRedirectionTests()
    {
        store = new LoopbackServer(request => hub.Behave(request with { Path = request.Path.Replace("/signed", "", StringComparison.Ordinal) }));
        hub.Environment["HF_TOKEN"] = Secret;
    }

    public void Dispose()
    {
        store.Dispose();
        hub.Dispose();
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task The_token_goes_to_the_hub_and_not_to_the_host_that_it_redirects_to(int status)
    {
        hub.LeavePart("model.safetensors", hub.Files["model.safetensors"][..10]);
        hub.Misbehave = request => IsOf(request, "model.safetensors") ? Redirect(status, $"{store.Address}signed{request.Path}") : null;

        await hub.Find();

        Assert.All(hub.Server.Requests, request => Assert.Equal($"Bearer {Secret}", request.Header("Authorization")));
        var stored = Assert.Single(store.Requests);
        Assert.Null(stored.Header("Authorization"));
        Assert.DoesNotContain(Secret, string.Join(' ', stored.Headers), StringComparison.Ordinal);
        Assert.Equal("bytes=10-", stored.Header("Range"));
        Assert.Equal(hub.Files["model.safetensors"], File.ReadAllBytes(hub.Blob("model.safetensors")));
    }

    [Fact]
    public async Task A_redirection_within_the_hub_keeps_the_token_and_one_back_to_it_does_not()
    {
        var back = new LoopbackServer(request => Redirect(302, $"{hub.Server.Address}back"));
        using (back)
        {
            hub.Misbehave = request => request.Path switch
            {
                var path when IsOf(request, "config.json") && !path.Contains("renamed", StringComparison.Ordinal) => Redirect(307, $"/renamed{path}"),
                var path when path.StartsWith("/renamed", StringComparison.Ordinal) => Redirect(302, $"{back.Address}x"),
                "/back" => new LoopbackReply(200, hub.Files["config.json"]),
                _ => null,
            };

            await hub.Find();

            Assert.Equal($"Bearer {Secret}", hub.Server.Requests.Single(request => request.Path.StartsWith("/renamed", StringComparison.Ordinal)).Header("Authorization"));
            Assert.Null(back.Requests.Single().Header("Authorization"));
            Assert.Null(hub.Server.Requests.Single(request => request.Path == "/back").Header("Authorization"));
        }
    }

    [Fact]
    public async Task A_loop_of_redirections_ends()
    {
        hub.Misbehave = request => Redirect(302, request.Path);

        await hub.Refuses([$"{LoopbackHub.Id}: expected at most 5 redirections, found more"]);

        Assert.Equal(6, hub.Asked.Count());
    }

    [Theory]
    [InlineData("http://cdn.example/x?signature=hidden", "http://cdn.example")]
    [InlineData("ftp://cdn.example/x", "ftp://cdn.example")]
    [InlineData("file:///etc/passwd", "file://")]
    public async Task A_redirection_to_where_anyone_can_listen_is_refused(string target, string named)
    {
        hub.Misbehave = request => IsOf(request, "model.safetensors") ? Redirect(302, target) : null;

        await hub.Refuses([$"expected a redirection to an https address, found one to '{named}'"]);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(503)]
    [InlineData(302)]
    [InlineData(400)]
    public async Task No_message_holds_the_token_or_a_signed_address(int status)
    {
        hub.Misbehave = request => IsOf(request, "model.safetensors") ? Redirect(302, $"{store.Address}signed/nothing?signature=hidden") with { Status = status } : null;

        var refused = await Assert.ThrowsAnyAsync<Eckart.Formats.InputException>(() => hub.Find());

        Assert.DoesNotContain(Secret, refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task A_store_that_refuses_what_the_hub_has_signed_is_tried_with_a_new_signature(int status)
    {
        var (refusals, signatures) = (2, 0);
        using var strict = new LoopbackServer(request => refusals-- > 0 ? new LoopbackReply(status, []) : hub.Behave(request with { Path = request.Path.Split('?')[0] }));
        hub.Misbehave = request => IsOf(request, "model.safetensors") ? Redirect(302, $"{strict.Address}{request.Path[1..]}?signature={++signatures}") : null;

        await hub.Find();

        Assert.Equal(["1", "2", "3"], strict.Requests.Select(request => request.Path.Split('=')[1]));
        Assert.Equal([1, 2], hub.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task A_store_that_is_down_is_tried_again_and_named()
    {
        var gone = new LoopbackServer(_ => new LoopbackReply(500, []));
        gone.Dispose();
        hub.Misbehave = request => IsOf(request, "model.safetensors") ? Redirect(302, $"http://localhost:{gone.Address.Port}/x") : null;

        await hub.Refuses(["org/tiny: model.safetensors: expected an answer of the hub, found a failed connection to localhost (", ", 5 times; "]);
    }

    [Fact]
    public async Task The_token_of_the_file_is_used_where_the_variable_has_none_and_no_token_where_neither()
    {
        hub.Environment.Remove("HF_TOKEN");
        await hub.Find();
        Assert.All(hub.Server.Requests, request => Assert.Null(request.Header("Authorization")));

        File.WriteAllText(Path.Combine(hub.Home, "token"), $"{Secret}2\n");
        await hub.Find();
        Assert.Equal($"Bearer {Secret}2", hub.Server.Requests[^1].Header("Authorization"));

        hub.Environment["HF_TOKEN"] = $" {Secret} ";
        await hub.Find();
        Assert.Equal($"Bearer {Secret}", hub.Server.Requests[^1].Header("Authorization"));
    }

    private static LoopbackReply Redirect(int status, string target) => new(status, [], ("Location", target));

    private static bool IsOf(LoopbackRequest request, string name) => request.Path.EndsWith($"/{name}", StringComparison.Ordinal);
}
