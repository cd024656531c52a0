using System.Text;
using System.Text.Json;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Reporting;
using Eckart.Tests.Cli;
using Eckart.Tests.Support;

namespace Eckart.Tests.Reporting;

public sealed class EpisodeSummaryTests
{
    private const string Gold = "0101010101";

    [Fact]
    public void Every_edit_is_compared_with_the_unedited_model_and_corrected_for_all()
    {
        using var run = new SomeRun();
        run.Add("none", "0000000000", Gold);                // 5 right
        run.Add("mlp@0:0.5", "0101010101", Gold);           // 5 gained: p = 2/2⁵ = 0.0625
        run.Add("mlp@1:0.5", "0100000000", Gold);           // 1 gained: p = 1
        run.Add("mlp@2:0.5", "1111111111", Gold);           // 5 gained, 5 lost: p = 1
        run.Written();

        var split = Assert.Single(Assert.Single(EpisodeSummary.Of(RunContents.Read(run.Folder))).Splits);

        Assert.Equal([(5, null, null), (10, 0.0625, 0.1875), (6, 1.0, 1.0), (5, 1.0, 1.0)], split.Trials.Select(one => (one.Trial.Correct, one.Comparison?.PValue, one.Corrected)));
        Assert.Equal([(5, 0), (1, 0), (5, 5)], split.Trials.Skip(1).Select(one => (one.Comparison!.Gained, one.Comparison.Lost)));
        Assert.Equal((3, 0.5, "mlp@0:0.5"), (split.Compared, split.Majority, split.Best!.Trial.Intervention));
    }

    [Fact]
    public void Other_rows_are_never_compared()
    {
        using var run = new SomeRun();
        run.Add("none", "00", "01");
        run.Add("mlp@0:0.5", "0101", "0101");
        run.Written();

        var splits = Assert.Single(EpisodeSummary.Of(RunContents.Read(run.Folder))).Splits;

        Assert.Equal([2, 4], splits.Select(split => split.N).Order());
        Assert.All(splits.SelectMany(split => split.Trials), one => Assert.Null(one.Comparison));
    }

    [Fact]
    public async Task A_search_is_judged_from_its_journal_as_it_judged_itself()
    {
        using var words = new Words();
        var told = await CommandLine.Json(words.Search("run", "--layer", "all"));

        var search = Assert.Single(Assert.Single(EpisodeSummary.Of(RunContents.Read(words["run"]))).Searches);

        var (test, result) = (told.GetProperty("test"), search.Result!);
        Assert.Equal(told.GetProperty("chosen").GetProperty("intervention").GetString(), search.Choice.Chosen.Intervention.ToString());
        Assert.Equal(told.GetProperty("validation").GetArrayLength(), search.Choice.Tried.Count);
        Assert.Equal(test.GetProperty("before").GetProperty("correct").GetInt32(), result.Before.Correct);
        Assert.Equal(test.GetProperty("after").GetProperty("correct").GetInt32(), result.After.Correct);
        Assert.Equal(test.GetProperty("p_value").GetDouble(), result.Comparison.PValue);
        Assert.Equal(test.GetProperty("verdict").GetString(), result.Verdict);
        Assert.Equal((IEnumerable<double>)test.GetProperty("beyond_control").Numbers(), [result.BeyondControl.Low, result.BeyondControl.High]);
        foreach (var (name, predictions) in new[] { ("bias", result.Controls.Bias), ("affine", result.Controls.Affine) })
            Assert.Equal(test.GetProperty("controls").GetProperty(name).GetProperty("correct").GetInt32(), predictions.Zip(result.Before.Gold).Count(pair => pair.First == pair.Second));
    }

    [Fact]
    public async Task Of_several_searches_in_a_folder_the_last_is_judged_as_it_judged_itself()
    {
        using var words = new Words();
        string[][] searches = [["--layer", "2"], ["--layer", "1"], ["--layer", "all", "--rates", "0.9"], ["--layer", "all", "--validation", "4"], ["--layer", "all", "--module", "attention", "--test", "8"], ["--layer", "0", "--svd", "randomized"], ["--layer", "2"]];
        foreach (var options in searches)
        {
            var told = await CommandLine.Json(words.Search("run", options));

            var search = Assert.Single(EpisodeSummary.Of(RunContents.Read(words["run"])).SelectMany(episode => episode.Searches));

            Assert.Equal(
                told.GetProperty("validation").EnumerateArray().Select(one => (one.GetProperty("intervention").GetString(), one.GetProperty("n").GetInt32(), one.GetProperty("correct").GetInt32())),
                search.Choice.Tried.Select(one => ((string?)one.Intervention.ToString(), one.Trial.N, one.Trial.Correct)));
            var test = told.GetProperty("test");
            Assert.Equal(
                (told.GetProperty("chosen").GetProperty("intervention").GetString(), test.GetProperty("n").GetInt32(), test.GetProperty("after").GetProperty("correct").GetInt32(), test.GetProperty("verdict").GetString()),
                (search.Choice.Chosen.Intervention.ToString(), search.Result!.After.N, search.Result.After.Correct, search.Verdict));
        }

        var report = RunReport.Of(words["run"]).Markdown();
        Assert.Contains("of other searches than the last: shown below, not judged here.", report, StringComparison.Ordinal);
        Assert.Contains("1 search: ", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_choice_after_other_demonstrations_is_no_sweep()
    {
        using var words = new Words();
        Assert.Equal(0, (await CommandLine.Run(words.Search("run", "--layer", "all", "--by-shots", "0,1,2"))).Exit);

        var report = RunReport.Of(words["run"]).Markdown();

        Assert.Contains("were tested with 0, 1 demonstrations too", report, StringComparison.Ordinal);
        Assert.DoesNotContain("there is nothing to compare", report, StringComparison.Ordinal);
        Assert.DoesNotContain("best of", report, StringComparison.Ordinal);
        Assert.DoesNotContain("of other searches", report, StringComparison.Ordinal);
        Assert.DoesNotContain("0 shots", (await CommandLine.Run("report", words["run"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Trials_of_other_searches_are_counted()
    {
        using var run = new SomeRun("name: s\nsearch: true\nmodules: [mlp]\nlayers: [0]\nrates: [0.5]\nby-shots: [2]\n");
        foreach (var (split, shots) in new[] { ("validation", 8), ("test", 8), ("test", 2) })
            foreach (var intervention in new[] { "none", "mlp@0:0.5", "mlp@1:0.5" }) run.Add(intervention, intervention == "mlp@0:0.5" ? Gold : "0000000000", Gold, split, shots: shots);
        var key = run.Trials[0].Key with { Split = "", Rows = "", Engine = 0, Intervention = "" };
        var planned = new PlannedTrials("a-model", "some-task", "default", 1, 8, null, [new UnitWork(1, 1)], 3, 1, 4) { Search = new PlannedSearch("mlp", [0], key, run.Trials[0].Key.Rows, run.Trials[3].Key.Rows) };
        run.File("planned.json", Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(new PlannedWork(true, [planned]), TrialJson.Options)));

        var report = RunReport.Of(run.Written().Folder).Markdown();

        Assert.Contains("3 trials in s are of other searches than the last", report, StringComparison.Ordinal);
        Assert.Contains("were tested with 2 demonstrations too", report, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plans_level_is_that_of_intervals_and_verdicts()
    {
        using var run = new SomeRun("name: s\nsearch: true\nmodules: [mlp]\nlayers: [0]\nrates: [0.5]\nalpha: 0.2\n");
        run.Add("none", "00000000000", "00000010101", "validation");
        run.Add("mlp@0:0.5", "00000010101", "00000010101", "validation");
        run.Add("none", "00000000000", "00000010111");
        run.Add("mlp@0:0.5", "00000010111", "00000010111");      // 4 gained: p = 2/2⁴ = 0.125
        run.Written();

        var episode = Assert.Single(EpisodeSummary.Of(RunContents.Read(run.Folder)));

        Assert.NotEqual("no significant change", Assert.Single(episode.Searches).Verdict);
        Assert.Equal(new Eckart.Statistics.Proportion(11, 11).WilsonInterval(0.2), episode.Of("test")!.Trials[1].Interval);
        var report = RunReport.Of(run.Folder);
        Assert.Contains("80% interval", report.Markdown(), StringComparison.Ordinal);
        Assert.DoesNotContain("95%", report.Markdown() + Encoding.UTF8.GetString(report.Html()), StringComparison.Ordinal);
    }

    [Fact]
    public void Trials_on_other_validation_rows_do_not_keep_a_sweep_from_its_report()
    {
        using var run = new SomeRun();
        run.Add("none", "11", "01", "validation");
        run.Add("none", "1111", "0101", "validation");
        run.Add("none", "11111", "01010");
        run.Add("none", "1111", "0101");
        run.Written();

        var episode = Assert.Single(EpisodeSummary.Of(RunContents.Read(run.Folder)));

        Assert.Equal((4, 0), (episode.Splits.Length, episode.Splits.Count(split => split.Controls is not null)));
    }

    [Fact]
    public void A_choice_that_was_not_tested_yet_is_called_that()
    {
        using var run = new SomeRun("name: s\nsearch: true\nmodules: [mlp]\nlayers: [0]\nrates: [0.5]\n");
        run.Add("none", "0000", "0101", "validation");
        run.Add("mlp@0:0.5", "0101", "0101", "validation");
        run.Written();

        var search = Assert.Single(Assert.Single(EpisodeSummary.Of(RunContents.Read(run.Folder))).Searches);

        Assert.Equal(("mlp@0:0.5", null, "not tested yet"), (search.Choice.Chosen.Intervention.ToString(), search.Result, search.Verdict));
    }

    [Fact]
    public void The_metric_that_the_run_kept_decides_again()
    {
        using var run = new SomeRun("name: s\nsearch: true\nmodules: [mlp]\nlayers: [0]\nrates: [0.5]\n");
        var unedited = run.Add("none", "000000", "000001", "validation");       // 5 of 6, macro F1 (10/11 + 0)/2
        run.Add("mlp@0:0.5", "000111", "000001", "validation");                 // 4 of 6, macro F1 (6/8 + 2/4)/2: more
        run.Texts(unedited, "a", "b", "c", "d", "e", "f").Written();

        var byAccuracy = Assert.Single(EpisodeSummary.Of(RunContents.Read(run.Folder))).Searches[0].Choice.Chosen.Intervention.ToString();
        var items = Assert.Single(Directory.GetFiles(run["items"]));
        File.WriteAllText(items, File.ReadAllText(items).Replace("\"accuracy\"", "\"macro_f1\"", StringComparison.Ordinal));
        var byMacroF1 = Assert.Single(EpisodeSummary.Of(RunContents.Read(run.Folder))).Searches[0].Choice.Chosen.Intervention.ToString();

        Assert.Equal(("none", "mlp@0:0.5"), (byAccuracy, byMacroF1));
    }

    [Fact]
    public void Controls_are_fitted_where_a_sweep_has_both_splits()
    {
        using var run = new SomeRun();
        run.Add("none", "1111111111", Gold, "validation");
        run.Add("none", "1111111111", Gold);
        run.Add("mlp@0:0.5", "0101010101", Gold);
        run.Written();

        var episode = Assert.Single(EpisodeSummary.Of(RunContents.Read(run.Folder)));

        // All scores are alike, so that no bias can do better than half.
        Assert.Equal(5, episode.Of("test")!.Controls!.Bias.Zip(Gold).Count(pair => pair.First == pair.Second - '0'));
    }
}
