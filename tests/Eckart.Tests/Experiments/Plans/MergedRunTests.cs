using System.Text.RegularExpressions;
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

    // As another version of the program would, or one with other data: its shares begin and end elsewhere.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Shares_that_were_cut_in_different_ways_are_refused(bool inOneFolder)
    {
        using var words = new Words();
        var plan = words.File("plan.yaml", $"{{name: small, models: ['{words.Model}'], tasks: ['{words.Task}'], drop: all}}");
        await CommandLine.Run("run", plan, "--out", words["1"], "--shard", "1/2", "--quiet");
        var planned = words["1/planned.json"];
        File.WriteAllText(planned, Regex.Replace(File.ReadAllText(planned), "\"each\": [0-9]+", "\"each\": 7"));
        string[] second = ["run", plan, "--out", words[inOneFolder ? "1" : "2"], "--shard", "2/2", "--quiet"];

        if (!inOneFolder) Assert.Equal(0, (await CommandLine.Run(second)).Exit);
        await CommandLine.Refuses(inOneFolder ? second : ["merge", words["1"], words["2"], "--out", words["whole"]], ["planned.json: expected the same work in every share, found another; run all shares by one version of the program on the same data, in another --out"]);

        Assert.False(Directory.Exists(words["whole"]));
    }

    [Fact]
    public async Task Finished_shares_that_lack_a_trial_between_them_are_refused()
    {
        using var words = new Words();
        var plan = words.File("plan.yaml", $"{{name: small, models: ['{words.Model}'], tasks: ['{words.Task}'], drop: all}}");
        foreach (var share in new[] { "1", "2" }) await CommandLine.Run("run", plan, "--out", words["run"], "--shard", $"{share}/2", "--quiet");
        var lines = File.ReadAllLines(words["run/trials-2-of-2.jsonl"]);
        File.WriteAllLines(words["run/trials-2-of-2.jsonl"], lines[1..]);
        File.WriteAllText(words["run/finished-2-of-2.json"], $"{{\"trials\":{lines.Length - 1}}}");

        await CommandLine.Refuses(["merge", words["run"], "--out", words["whole"]], ["expected 4 trials of shares that are all finished, found 3"]);

        Assert.False(Directory.Exists(words["whole"]));
    }

    [Fact]
    public async Task A_whole_run_goes_on_beside_what_another_version_planned()
    {
        using var words = new Words();
        var plan = words.File("plan.yaml", $"{{name: small, models: ['{words.Model}'], tasks: ['{words.Task}'], drop: all}}");
        await CommandLine.Run("run", plan, "--out", words["run"], "--quiet");
        var planned = File.ReadAllText(words["run/planned.json"]);
        words.File("run/planned.json", """{"searches":false,"episodes":[{"model":"tiny","units":4}]}""");
        File.Delete(words["run/finished.json"]);

        await CommandLine.Refuses(["status", words["run"]], ["planned.json: expected what a run plans to do, as this version writes it, found something else; remove it and give the command of the run again"]);
        Assert.Equal(0, (await CommandLine.Run("run", plan, "--out", words["run"], "--quiet")).Exit);

        Assert.Equal(planned, File.ReadAllText(words["run/planned.json"]));
    }
}
