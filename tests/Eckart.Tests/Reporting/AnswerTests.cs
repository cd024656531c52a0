using Eckart.Reporting;

namespace Eckart.Tests.Reporting;

/// <summary>What a report opens with.</summary>
public sealed class AnswerTests
{
    private const string Gold = "0101010101";
    private const string Wrong = "0000000000";      // 5 of 10

    [Fact]
    public void What_was_tried_and_how_an_edit_is_written_is_said_in_words()
    {
        using var run = new SomeRun();
        run.Add("none", Wrong, Gold);
        foreach (var layer in new[] { 0, 1, 2 })
            foreach (var rate in new[] { "0.5", "0.9" }) run.Add(FormattableString.Invariant($"mlp@{layer}:{rate}"), (layer, rate) == (1, "0.9") ? Gold : Wrong, Gold);
        run.Add("drop@2", Wrong, Gold);

        var answer = Sentences(run);

        Assert.Equal("8 trials: a-model on some-task, unedited and truncated in mlp of layers 0 to 2 at 2 clipping rates from 0.5 to 0.9 and with a layer left out.", answer[0]);
        Assert.Equal("mlp@1:0.9 means: of every mlp matrix of layer 1, counted from 0, the share 0.9 of the singular values is removed, the smallest first.", answer[1]);
    }

    [Fact]
    public void Layers_that_not_every_model_was_truncated_in_are_said_to_be_some()
    {
        using var run = new SomeRun();
        foreach (var (model, layer) in new[] { ("aa11", 0), ("bb22", 3) })
        {
            run.Add("none", Wrong, Gold, model: model);
            run.Add(FormattableString.Invariant($"query@{layer}:0.5"), Gold, Gold, model: model);
        }

        Assert.Equal("4 trials: a-model and bb22 on some-task, unedited and truncated in query of some of layers 0 and 3 at clipping rate 0.5.", Sentences(run)[0]);
    }

    [Fact]
    public void Where_validation_chose_its_choices_are_judged_on_test_items_and_not_the_best_there()
    {
        using var run = new SomeRun("{name: both, split: both, modules: mlp, layers: [0], rates: [0.5, 0.9], shots: [2, 8]}");
        foreach (var shots in new[] { 2, 8 })
            foreach (var split in new[] { "validation", "test" })
            {
                run.Add("none", Wrong + Wrong, Gold + Gold, split, shots: shots);
                run.Add("mlp@0:0.5", split == "validation" && shots == 2 ? Gold + Gold : Gold + Wrong, Gold + Gold, split, shots: shots);
                run.Add("mlp@0:0.9", split == "test" ? Gold + Gold : Wrong + Wrong, Gold + Gold, split, shots: shots);
            }

        var answer = Sentences(run);

        // Five items of twenty are gained, p = 0.0625: two of them corrected 0.125.
        Assert.Contains("Validation items, module by module in each model, task and number of demonstrations, prefer an edit to the unedited model in 2 cases of 2. Tested once on other items, 0 gains and 0 losses of the 2 are more than chance explains (Holm's correction for all of them).", answer);
        Assert.Contains(answer, sentence => sentence.StartsWith("The largest difference: mlp@0:0.5 takes a-model on some-task from 0.5000 to 0.7500 of 20 test items with 2 demonstrations (p = 0.0625, corrected for 2: 0.125). Correcting the unedited model's labels gives ", StringComparison.Ordinal));
        Assert.DoesNotContain(answer, sentence => sentence.Contains("picked by", StringComparison.Ordinal));
    }

    [Fact]
    public void Orders_are_said_to_matter_as_much_as_they_do()
    {
        using var run = new SomeRun();
        foreach (var order in new long?[] { null, 1 }) run.Add("none", order is null ? Wrong : Gold, Gold, change: key => key with { Order = order });

        Assert.Contains("Over 2 orders of the same demonstrations, unedited a-model has from 0.5000 to 1.0000 of some-task's test items right.", Sentences(run));
    }

    private static string[] Sentences(SomeRun run) => [.. RunReport.Of(run.Written().Folder).Sections.First().Blocks.OfType<ReportSentence>().Select(sentence => sentence.Text)];
}
