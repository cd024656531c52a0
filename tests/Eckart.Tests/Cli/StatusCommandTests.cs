using System.Text.Json;
using Eckart.Cli;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class StatusCommandTests : IDisposable
{
    private readonly Words words = new();

    [Fact]
    public async Task A_finished_run_has_nothing_left()
    {
        await Run("--shard", "1/1");

        var (exit, output, error) = await CommandLine.Run("status", words["run"]);

        Assert.Equal((0, ""), (exit, error));
        Assert.Matches(@"1/1\s+done\s+9\s+9\n", output);
        Assert.Contains("small: 9 of 9 trials; shares: 1 done, 0 failed, 0 running, 0 waiting; nothing left", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Done_running_failed_and_waiting_shares_are_told_apart()
    {
        for (var share = 1; share <= 3; share++) await Run("--shard", $"{share}/4");
        File.WriteAllLines(words["run/trials-2-of-4.jsonl"], File.ReadAllLines(words["run/trials-2-of-4.jsonl"])[..2]);
        File.Delete(words["run/finished-3-of-4.json"]);
        File.WriteAllLines(words["run/timings-1-of-4.jsonl"], ["""{"id":"a","seconds":30}""", """{"id":"b","seconds":90}"""]);
        foreach (var share in new[] { 2, 3 }) File.Delete(words[$"run/timings-{share}-of-4.jsonl"]);
        using var writer = new FileStream(words["run/trials-2-of-4.jsonl.lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        var status = await CommandLine.Json("status", words["run"]);
        var (_, text, _) = await CommandLine.Run("status", words["run"]);

        // Nine trials in four shares that take alike: 2, 4, 2 and 1. Of the second half is missing, of the fourth all: a share and a half, where two and a half took six times a minute, by one process.
        Assert.Equal(
            ["1/4 done 2 [2,2]", "2/4 running 2 [4,4]", "3/4 failed 2 [2,2]", "4/4 waiting 0 [1,1]"],
            status.GetProperty("shares").EnumerateArray().Select(share => $"{share.GetProperty("share")} {share.GetProperty("state")} {share.GetProperty("done")} {Flat(share.GetProperty("planned"))}"));
        Assert.Equal((6, "[9,9]", 216), (status.GetProperty("done").GetInt32(), Flat(status.GetProperty("planned")), status.GetProperty("seconds_left").GetDouble()));
        Assert.Contains("small: 6 of 9 trials; shares: 1 done, 1 failed, 1 running, 1 waiting; 0:03:36 left", text, StringComparison.Ordinal);
        Assert.Contains("failed: 3/4; started again", text, StringComparison.Ordinal);
    }

    // A run that was stopped and then cut into shares, none of which has done anything: what trials took says nothing of them yet.
    [Fact]
    public async Task Shares_that_have_done_nothing_tell_no_time_beside_what_a_whole_run_did()
    {
        await Run();
        File.Delete(words["run/finished.json"]);
        words.File("run/launched.json", """{"launcher":"local","shards":2,"jobs":[]}""");

        var status = await CommandLine.Json("status", words["run"]);

        Assert.Equal(2, status.GetProperty("shares").GetArrayLength());
        Assert.Equal(9, status.GetProperty("done").GetInt32());
        Assert.Equal(JsonValueKind.Null, status.GetProperty("seconds_left").ValueKind);
    }

    [Fact]
    public async Task A_merged_run_is_done_as_a_whole()
    {
        for (var share = 1; share <= 2; share++) await Run("--shard", $"{share}/2");
        var before = await CommandLine.Json("status", words["run"]);
        await CommandLine.Run("merge", words["run"], "--out", words["run"]);
        await CommandLine.Run("merge", words["run"], "--out", words["merged"]);

        foreach (var folder in new[] { "run", "merged" })
        {
            var status = await CommandLine.Json("status", words[folder]);
            var share = Assert.Single(status.GetProperty("shares").EnumerateArray());
            Assert.Equal(("1/1", "done", 9, 9), (share.GetProperty("share").GetString(), share.GetProperty("state").GetString(), share.GetProperty("done").GetInt32(), status.GetProperty("done").GetInt32()));
        }

        Assert.Equal(2, before.GetProperty("shares").GetArrayLength());
        Assert.Equal(0, before.GetProperty("seconds_left").GetDouble());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_trials_of_a_search_are_within_the_range_that_is_said(int shares)
    {
        words.File("plan.yaml", Plan + "search: true\n");
        await Start("--shard", $"1/{shares}");
        var begun = await CommandLine.Json("status", words["run"]);
        for (var share = 2; share <= shares; share++) await Start("--shard", $"{share}/{shares}");

        var ended = await CommandLine.Json("status", words["run"]);
        var (_, text, _) = await CommandLine.Run("status", words["run"]);

        // Two modules, each two layers by two rates on validation and perhaps its choice on test; the unedited model on both once.
        Assert.Equal("[10,12]", Flat(ended.GetProperty("planned")));
        Assert.InRange(ended.GetProperty("done").GetInt32(), 10, 12);
        Assert.Equal(shares == 1 ? ["[10,12]"] : ["[6,7]", "[6,7]"], ended.GetProperty("shares").EnumerateArray().Select(share => Flat(share.GetProperty("planned"))));
        Assert.All(ended.GetProperty("shares").EnumerateArray(), share => Assert.Equal("done", share.GetProperty("state").GetString()));
        Assert.Equal(shares == 1 ? "done" : "waiting", begun.GetProperty("shares").EnumerateArray().Last().GetProperty("state").GetString());
        Assert.Contains("10 to 12 trials", text, StringComparison.Ordinal);
        Assert.Contains("the number of its trials is known once it ends", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_planned_is_the_same_bytes_whichever_share_writes_it()
    {
        await Run("--shard", "2/3");
        var first = File.ReadAllText(words["run/planned.json"]);
        File.Delete(words["run/planned.json"]);

        await Run("--shard", "1/1");

        Assert.Equal(first, File.ReadAllText(words["run/planned.json"]));
    }

    [Fact]
    public async Task A_search_that_was_begun_in_the_folder_of_a_finished_one_is_not_done()
    {
        await CommandLine.Json(words.Search("run", "--rates", "0.5"));
        Assert.Contains("1 done", (await CommandLine.Run("status", words["run"])).Output, StringComparison.Ordinal);
        var planned = File.ReadAllText(words["run/planned.json"]);

        // Killed at its first new line: what it is has been written down by then, and that the other one was finished no longer stands.
        var death = new FaultyFiles(Fault.Death, await PlaceAfterPlanned("other"));
        await Application.RunAsync(words.Search("run", "--rates", "0.25,0.75"), TextWriter.Null, TextWriter.Null, death.Calls, TestContext.Current.CancellationToken);

        Assert.NotEqual(planned, File.ReadAllText(words["run/planned.json"]));
        Assert.Contains("0 done, 1 failed", (await CommandLine.Run("status", words["run"])).Output, StringComparison.Ordinal);
        await CommandLine.Json(words.Search("run", "--rates", "0.25,0.75"));
        Assert.Contains("1 done", (await CommandLine.Run("status", words["run"])).Output, StringComparison.Ordinal);
        await CommandLine.Json(words.Search("run", "--rates", "0.5"));
        Assert.Contains("1 done", (await CommandLine.Run("status", words["run"])).Output, StringComparison.Ordinal);

        // The call after the second file that is written whole once the mark of the finished one is deleted.
        async Task<int> PlaceAfterPlanned(string run)
        {
            await CommandLine.Json(words.Search(run, "--rates", "0.5"));
            var counting = new FaultyFiles();
            await Application.RunAsync(words.Search(run, "--rates", "0.25,0.75"), TextWriter.Null, TextWriter.Null, counting.Calls, TestContext.Current.CancellationToken);
            var deleted = counting.Made.IndexOf(FileCall.Delete);
            return counting.Made.Index().Where(call => call.Index > deleted && call.Item == FileCall.Rename).ElementAt(1).Index + 1;
        }
    }

    [Fact]
    public async Task A_folder_without_a_run_is_refused() =>
        await CommandLine.Refuses(["status", words["."]], ["expected a run's folder with plan.yaml, found none"]);

    [Fact]
    public async Task A_share_that_was_stopped_is_named_by_the_merge()
    {
        await Run("--shard", "1/3");
        await Run("--shard", "3/3");
        File.Delete(words["run/finished-3-of-3.json"]);

        await CommandLine.Refuses(["merge", words["run"], "--out", words["merged"]], ["expected all 3 shares, found none of 2/3 and no end of 3/3"]);

        Assert.False(Directory.Exists(words["merged"]));
    }

    public void Dispose() => words.Dispose();

    private string Plan => $"""
        name: small
        models: ['{words.Model}']
        tasks: ['{words.Task}']
        modules: [mlp, query]
        layers: [first 1, -1]
        rates: [0.5, 0.9]

        """;

    private static string Flat(System.Text.Json.JsonElement range) => range.GetRawText().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal);

    private Task Run(params string[] more)
    {
        words.File("plan.yaml", Plan);
        return Start(more);
    }

    private async Task Start(params string[] more)
    {
        var (exit, _, error) = await CommandLine.Run(["run", words["plan.yaml"], "--out", words["run"], "--quiet", .. more]);
        Assert.Equal((0, ""), (exit, error));
    }
}
