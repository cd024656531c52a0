using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Tests.Cli;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments.Plans;

public sealed class MergedRunTests
{
    [Fact]
    public async Task The_items_texts_are_written_through_the_file_system_that_is_given()
    {
        using var words = new Words();
        var plan = words.File("plan.yaml", $"{{name: small, models: ['{words.Model}'], tasks: ['{words.Task}'], drop: all}}");
        foreach (var share in new[] { "1", "2" }) Assert.Equal(0, (await CommandLine.Run("run", plan, "--out", words[share], "--shard", $"{share}/2", "--quiet")).Exit);
        var counting = new FaultyFiles();
        MergedRun.Write([words["1"], words["2"]], words["whole"], counting.Calls);

        var problems = new List<string>();
        for (var place = 0; place < counting.Made.Count; place++)
            if (FaultyFiles.Concerns(Fault.Denied, counting.Made[place]) && Problem(place) is { } problem) problems.Add(problem);

        Assert.Contains(problems, problem => problem.Contains("expected a folder for the items' texts, found: ", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains($"{Path.DirectorySeparatorChar}items{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

        string? Problem(int place)
        {
            try
            {
                MergedRun.Write([words["1"], words["2"]], words[$"faulted-{place}"], new FaultyFiles(Fault.Denied, place).Calls);
                return null;
            }
            catch (InputException exception)
            {
                return exception.Message;
            }
        }
    }
}
