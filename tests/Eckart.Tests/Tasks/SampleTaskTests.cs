using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Tasks;

/// <summary>The task that shows users how to write their own.</summary>
public sealed class SampleTaskTests
{
    [Fact]
    public void It_loads_and_its_first_prompt_reads_well()
    {
        var task = TaskLibrary.Load(Path.Combine(Repository.Root, "samples", "tickets.yaml")).For(Protocol.Default);

        var sample = Sampler.Draw(task, dataFolder: null);

        Assert.Empty(sample.Notes);
        Assert.Equal((6, 12, 18), (sample.Demonstrations.Items.Length, sample.Validation.Items.Length, sample.Test.Items.Length));
        var item = sample.Test.Items[0];
        Golden.Match($"{item.Prompts[0]}<end>\nchoices{string.Join(',', item.Choices)}; right is{item.Choices[item.Gold]}\n");
    }
}
