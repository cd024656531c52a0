using Eckart.Formats.HuggingFace.Hub;

namespace Eckart.Tests.Formats.HuggingFace.Hub;

public sealed class HubIdTests
{
    [Theory]
    [InlineData("org/name", "org/name", "main", "org/name")]
    [InlineData("org/name@main", "org/name", "main", "org/name")]
    [InlineData("EleutherAI/gpt-j-6b@float16", "EleutherAI/gpt-j-6b", "float16", "EleutherAI/gpt-j-6b@float16")]
    [InlineData("a/b.c_d-1@refs/pr/3", "a/b.c_d-1", "refs/pr/3", "a/b.c_d-1@refs/pr/3")]
    [InlineData("a/b@v1.0", "a/b", "v1.0", "a/b@v1.0")]
    public void A_model_is_named_by_its_repository_and_perhaps_a_revision(string text, string repository, string revision, string printed)
    {
        var id = HubId.Parse(text)!;

        Assert.Equal((repository, revision, printed), (id.Repository, id.Revision, id.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("name")]
    [InlineData("org/")]
    [InlineData("/name")]
    [InlineData("./name")]
    [InlineData("../name")]
    [InlineData("~/name")]
    [InlineData("a/b/c")]
    [InlineData("a\\b")]
    [InlineData("a/b c")]
    [InlineData("a/b\n")]
    [InlineData("a--b/c")]
    [InlineData("a-/b")]
    [InlineData("a/b.")]
    [InlineData("a/b..c")]
    [InlineData("a/b@")]
    [InlineData("a/b@../../x")]
    [InlineData("a/b@x/../y")]
    [InlineData("a/b@/x")]
    [InlineData("a/b@x/")]
    [InlineData("a/b@x\\y")]
    [InlineData("a/b@x y")]
    [InlineData("a/b@x@y")]
    [InlineData("models/mine.gguf")]
    [InlineData("models/model.safetensors")]
    public void All_else_can_only_be_a_path(string text) => Assert.Null(HubId.Parse(text));

    [Fact]
    public void Forty_hexadecimal_digits_are_a_commit()
    {
        Assert.True(HubId.Parse($"a/b@{new string('0', 40)}")!.IsCommit);
        Assert.False(HubId.Parse($"a/b@{new string('0', 39)}")!.IsCommit);
        Assert.False(HubId.Parse($"a/b@{new string('0', 41)}")!.IsCommit);
        Assert.False(HubId.Parse($"a/b@{new string('g', 40)}")!.IsCommit);
    }

    [Fact]
    public void A_snapshot_in_a_cache_is_named_by_its_repository()
    {
        var commit = new string('a', 40);

        Assert.Equal("org/tiny-1.2", HubId.RepositoryOf($"/x/hub/models--org--tiny-1.2/snapshots/{commit}/"));
        Assert.Null(HubId.RepositoryOf($"/x/hub/models--org--tiny/snapshots/{commit}/onnx"));
        Assert.Null(HubId.RepositoryOf($"/x/hub/models--org--tiny/{commit}"));
        Assert.Null(HubId.RepositoryOf($"/x/snapshots/{commit}"));
    }
}
