using System.Text.Json.Nodes;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>What the README tells a user to copy.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task The_sample_task_goes_through_a_search()
    {
        using var words = new Words();
        var model = words.ModelConfigured("long", "max_position_embeddings", JsonValue.Create(4096));

        var document = await CommandLine.Json("search", "--model", model, "--task", Path.Combine(Repository.Root, "samples", "tickets.yaml"), "--rates", "0.5", "--out", words["run"], "--quiet");

        Assert.Equal(("tickets", 12), (document.GetProperty("task").GetString(), document.GetProperty("validation")[0].GetProperty("n").GetInt32()));
    }
}
