using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Tasks;

/// <summary>Rows and prompts of the published code's own samplers, byte for byte.</summary>
public sealed class AuthorsPromptsTests
{
    public static readonly TheoryData<string> Tasks = ["sst2", "mrpc", "rte", "cb", "copa"];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Rows_and_prompts_are_the_published_codes(string task)
    {
        using var golden = Open();
        var expected = golden.RootElement.GetProperty("tasks").GetProperty(task);

        var sample = Sampler.Draw(TaskLibrary.Load(task).For(Protocol.Authors), Shared.Find("data"));

        Assert.Equal(golden.RootElement.GetProperty("shots").GetProperty(task).GetInt32(), sample.Demonstrations.Items.Length);
        AssertRows(expected.GetProperty("validation"), sample.Validation);
        AssertRows(expected.GetProperty("test"), sample.Test);
        AssertPrompts(expected, "validation", sample.Validation);
        AssertPrompts(expected, "test", sample.Test);
        Assert.Empty(sample.Notes);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void All_demonstrations_sampled_can_be_shown(string task)
    {
        using var golden = Open();
        var expected = golden.RootElement.GetProperty("tasks").GetProperty(task).GetProperty("demonstrations").Deserialize<int[]>()!;

        var sample = Sampler.Draw(TaskLibrary.Load(task).For(Protocol.Authors), Shared.Find("data"), new SampleSize(Shots: expected.Length, Validation: 1, Test: 1));

        Assert.Equal(expected, sample.Demonstrations.Items.Select(item => item.Row));
        Assert.Equal(expected.Length, sample.Demonstrations.Available);
    }

    private static JsonDocument Open() => JsonDocument.Parse(File.ReadAllBytes(Shared.Find("golden/tasks/authors_prompts.json")));

    // Long splits are kept as their first and last rows and their count.
    private static void AssertRows(JsonElement expected, ItemSet actual)
    {
        int[] rows = [.. actual.Items.Select(item => item.Row)];
        if (expected.ValueKind == JsonValueKind.Array)
        {
            Assert.Equal(expected.Deserialize<int[]>()!, rows);
            return;
        }
        Assert.Equal(expected.GetProperty("count").GetInt32(), rows.Length);
        Assert.Equal(expected.GetProperty("count").GetInt32(), actual.Available);
        Assert.Equal(expected.GetProperty("first").Deserialize<int[]>()!, rows[..50]);
        Assert.Equal(expected.GetProperty("last").Deserialize<int[]>()!, rows[^50..]);
    }

    private static void AssertPrompts(JsonElement expected, string split, ItemSet actual)
    {
        var shown = expected.GetProperty($"{split}_prompts").Deserialize<ImmutableArray<ImmutableArray<string>>>();
        int[] places = [0, 1, actual.Items.Length - 1];   // which items the golden shows; the digest below is over all
        Assert.Equal(places.Length, shown.Length);
        foreach (var (prompts, place) in shown.Zip(places)) Assert.Equal(prompts, actual.Items[place].Prompts);

        var joined = Encoding.UTF8.GetBytes(string.Join('\0', actual.Items.SelectMany(item => item.Prompts)));
        Assert.Equal(expected.GetProperty($"sha256_{split}_prompts").GetString(), Convert.ToHexStringLower(SHA256.HashData(joined)));
    }
}
