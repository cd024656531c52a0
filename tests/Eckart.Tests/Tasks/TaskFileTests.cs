using Eckart.Formats;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Tasks;

public sealed class TaskFileTests : IDisposable
{
    private const string Good = """
        name: mood
        label: mood
        choices: { good: " good", bad: " bad" }
        query: "{text} ->"
        split:
          demonstrations: { from: train, per_class: 2 }
          validation: { from: validation }
          test: { from: test }
        """;

    private static readonly string OneTable = "data: all.csv\n" + Good.Replace("from: train, ", "", StringComparison.Ordinal)
        .Replace("{ from: validation }", "{ count: 3 }", StringComparison.Ordinal).Replace("{ from: test }", "{ rest: true }", StringComparison.Ordinal);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_a_file_leaves_out_has_its_usual_value()
    {
        var task = Load(Good);
        var variant = task.For(Protocol.Default);

        Assert.Equal(("mood", 1, "mood"), (task.Name, task.Version, task.Title));
        Assert.Equal([" good", " bad"], variant.Choices.Select(choice => choice.ToString()));
        Assert.Equal("{text} ->{choice}\n", variant.Demonstration.Source);
        Assert.Equal((4, 42L, "choice/sum", Metric.Accuracy), (variant.Shots, variant.Seed, variant.Scoring.ToString(), variant.Metric));
        Assert.Null(variant.PublishedDivisor(10));
        Assert.Equal("mood/1/default", variant.ToString());
    }

    [Fact]
    public void A_task_without_protocols_has_the_default_one_only() =>
        Refused.With(() => Load(Good).For(Protocol.Paper), "task 'mood'", "(default)", "found 'paper'");

    [Fact]
    public void A_protocol_overrides_keys_and_single_parts_of_the_split()
    {
        var variant = Load(Good + "\nprotocols: { authors: { query: '{text}?', split: { test: { from: validation, count: 3 }, validation: { from: train, rest: true } }, as_published: n-1 } }").For(Protocol.Authors);

        Assert.Equal("{text}?{choice}\n", variant.Demonstration.Source);
        Assert.Equal(("validation", 3, false), (variant.Split.Test.From, variant.Split.Test.Count, variant.Split.Test.Rest));
        Assert.Equal(2, variant.Split.Demonstrations!.PerClass);
        Assert.Equal(9, variant.PublishedDivisor(10));
    }

    [Fact]
    public void Everything_wrong_is_reported_at_once_by_line()
    {
        var refused = Assert.Throws<InputException>(() => Load("""
            nam: mood
            version: 0
            label: [a]
            choices: { good: " ok", bad: " ok", "worse,good": "{text" }
            query: "{text} {choice}"
            shots: 1e9
            scoring: { rule: chioce, prior: x }
            metric: f1
            rows: { train: many }
            data: ../secrets.csv
            split:
              seed: -1
              classes: [good]
              demonstrations: { per_class: 2, turn: [good] }
              validation: { per_class: 1, rest: true }
            split: {}
            protocols: { autors: {} }
            """));

        Golden.Match(string.Join('\n', refused.Problems.Select(problem => problem.ToString().Replace(folder.Path, "", StringComparison.Ordinal))) + "\n");
    }

    [Theory]
    [InlineData("a: &x 1\nb: *x", "anchor")]
    [InlineData("a: !!str 1", "tag")]
    [InlineData("a:\n\t- 1", "error")]
    [InlineData("a: 1\na: 2", "'a' twice")]
    [InlineData("", "nothing")]
    [InlineData("- a\n- b", "a list")]
    [InlineData("text", "'text'")]
    [InlineData("a: 'open", "error")]
    [InlineData("a: 1\n---\nb: 2", "second")]
    [InlineData("? [a]\n: b", "key that is text")]
    public void Yaml_that_is_more_or_less_than_keys_and_values_is_refused(string text, string message)
    {
        var refused = Assert.Throws<InputException>(() => Load(text));

        Assert.Contains(refused.Problems, problem => problem.ToString().Contains(message, StringComparison.Ordinal) && problem.Where.Contains("mood.yaml:", StringComparison.Ordinal));
    }

    [Fact]
    public void Aliases_that_would_expand_a_billionfold_are_refused_in_no_time()
    {
        var levels = string.Concat(Enumerable.Range(1, 12).Select(i => $"l{i}: &l{i} [{string.Join(", ", Enumerable.Repeat($"*l{i - 1}", 10))}]\n"));

        var refused = Assert.Throws<InputException>(() => Load("l0: &l0 lol\n" + levels));

        Assert.Contains("alias", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_a_hundred_thousand_deep_is_refused() => Assert.Throws<InputException>(() => Load("a: " + new string('[', 100_000)));

    [Theory]
    [InlineData("choices: { good: \" good\" }", "at least 2 choices, found 1")]
    [InlineData("choices: { good: \" good\", \"bad,good\": \" bad\" }", "'good' twice")]
    [InlineData("choices: { \"good,good\": \" good\", bad: \" bad\" }", "'good' twice")]
    [InlineData("choices: { good: \" good\", bad: \"\" }", "expected text for label 'bad'")]
    [InlineData("demonstration: \"{text}\"", "to hold {choice}")]
    [InlineData("demonstration_choices: { god: x }", "did you mean 'good'?")]
    [InlineData("shots: 5", "at most 4 shots")]
    [InlineData("scoring: { normalise: prior }", "'prior' exactly where")]
    [InlineData("scoring: { rule: mean-logit, normalise: tokens }", "with the rule 'choice' only")]
    [InlineData("as_published: n-2", "to be n or n-1")]
    [InlineData("data: /etc/passwd", "relative to the task's file")]
    [InlineData("data: a/../../x.csv", "stay in the folder")]
    [InlineData("data: \"\"", "relative to the task's file")]
    [InlineData("name: ../mood", "letters, digits")]
    [InlineData("version: 99999999999999999999", "whole number from 1")]
    [InlineData("title: { a: b }", "expected 'title' to be text, found keys and values")]
    [InlineData("protocols:", "expected 'protocols' to hold keys and values, found nothing")]
    public void One_part_that_is_wrong_is_named(string part, string message)
    {
        var key = part[..(part.IndexOf(':', StringComparison.Ordinal) + 1)];
        var lines = Good.Split('\n').Where(line => !line.StartsWith(key, StringComparison.Ordinal));

        Refused.With(() => Load(string.Join('\n', lines) + "\n" + part), "mood.yaml:", message);
    }

    [Fact]
    public void Demonstration_choices_without_any_choice_are_refused()
    {
        var lines = Good.Split('\n').Where(line => !line.StartsWith("choices:", StringComparison.Ordinal));

        var refused = Assert.Throws<InputException>(() => Load(string.Join('\n', lines) + "\nchoices: {}\ndemonstration_choices: { 0: \" x\" }"));

        Assert.Equal(
            ["expected at least 2 choices, found 0", "expected a known key, found '0'"],
            refused.Problems.Select(problem => problem.Found));
    }

    [Fact]
    public void Many_problems_are_counted_beyond_the_first_hundred()
    {
        var refused = Assert.Throws<InputException>(() => Load(Good + "\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"k{i}: 1\n"))));

        Assert.Equal(101, refused.Problems.Count);
        Assert.Equal("mood.yaml: expected no problem, found 19900 more; correct those above first", Path.GetFileName(refused.Problems[^1].ToString()));
    }

    [Fact]
    public void Many_choices_and_many_labels_of_one_choice_are_read_and_refused_in_no_time()
    {
        var labels = string.Join(',', Enumerable.Range(0, 100_000));
        var choices = string.Join(", ", Enumerable.Range(0, 50_000).Select(i => $"{i}: \"c{i}\""));

        Refused.With(() => Load(Good.Replace("good: \"", $"\"{labels}\": \"", StringComparison.Ordinal).Replace("bad: \"", "\"x,7\": \"", StringComparison.Ordinal)), "expected each label once, found '7' twice");
        Refused.With(() => Load(Good.Replace("good: \" good\", bad: \" bad\"", choices, StringComparison.Ordinal)), "expected at most 1000 choices, found 50000");
    }

    [Theory]
    [InlineData("{ demonstrations: { per_class: 2 }, validation: { from: train }, test: { from: test } }", "'demonstrations' and 'validation' to share no row")]
    [InlineData("{ demonstrations: { per_class: 2 }, validation: { from: train, per_class: 5, skip: 1 }, test: { from: test } }", "'demonstrations' and 'validation' to share no row")]
    [InlineData("{ validation: { from: train, rest: true }, test: { from: train, rest: true } }", "'validation' and 'test' to share no row")]
    [InlineData("{ validation: { from: train, count: 9 }, test: { from: train, per_class: 1 } }", "'validation' and 'test' to share no row")]
    [InlineData("{ validation: { from: dev }, test: {} }", "expected 'from' to be train or validation or test, found 'dev'")]
    [InlineData("{ validation: { skip: 3 }, test: {} }", "'skip' with 'per_class' only")]
    [InlineData("{ validation: { per_class: 3, count: 4 }, test: {} }", "one of per_class, count and rest")]
    [InlineData("{ validation: { count: 0 }, test: {} }", "whole number from 1")]
    [InlineData("{ validation: {} }", "expected 'test', found none")]
    [InlineData("{ classes: [good, worse], validation: {}, test: {} }", "each label of the choices once (bad, good)")]
    [InlineData("{ demonstrations: { per_class: 1, turn: [good, good] }, validation: {}, test: {} }", "name each choice once")]
    [InlineData("{ demonstrations: {}, validation: {}, test: {} }", "expected 'per_class', found none")]
    public void A_split_that_cannot_be_is_refused(string split, string message) =>
        Refused.With(() => Load(Good[..Good.IndexOf("split:", StringComparison.Ordinal)] + "split: " + split), "mood.yaml:", message);

    [Fact]
    public void One_table_needs_no_from()
    {
        Assert.Equal(Path.Combine(folder.Path, "all.csv"), Load(OneTable).For(Protocol.Default).Data);
        Refused.With(() => Load(OneTable.Replace("{ count: 3 }", "{ from: train, count: 3 }", StringComparison.Ordinal)), "no 'from' where 'data' is one table");
    }

    [Fact]
    public void A_link_out_of_the_folder_is_refused()
    {
        using var elsewhere = new TemporaryFolder();
        File.CreateSymbolicLink(Path.Combine(folder.Path, "all.csv"), elsewhere.File("all.csv", "text,mood\n"));

        Refused.With(() => Load(Good + "\ndata: all.csv"), "stay in the folder");
    }

    [Fact]
    public void A_link_on_the_way_out_of_the_folder_is_refused()
    {
        using var elsewhere = new TemporaryFolder();
        elsewhere.File("cb/all.csv", "text,mood\n");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "out"), elsewhere.Path);
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "twice"), "out");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "loop"), "loop");

        Assert.All(["out/cb", "out/cb/all.csv", "out/none", "twice/cb", "out/../out/cb", "loop/cb"], data => Refused.With(() => Load(Good + $"\ndata: {data}"), "stay in the folder of the task's file", data));
    }

    [Fact]
    public void Links_within_the_folder_and_to_it_are_followed()
    {
        using var elsewhere = new TemporaryFolder();
        var link = Path.Combine(elsewhere.Path, "tasks");
        Directory.CreateSymbolicLink(link, folder.Path);
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "there"), "here");
        folder.File("mood.yaml", Good + "\ndata: there/mood");
        folder.File("here/mood/train.csv", "text,mood\n" + string.Concat(Enumerable.Repeat("a,good\nb,bad\n", 2)));
        folder.File("here/mood/validation.csv", "text,mood\nc,good\n");
        folder.File("here/test.csv", "text,mood\nd,bad\n");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "here", "mood", "test.csv"), "../test.csv");

        var sample = Sampler.Draw(TaskLibrary.Load(Path.Combine(link, "mood.yaml")).For(Protocol.Default), null);

        Assert.EndsWith("d ->", Assert.Single(Assert.Single(sample.Test.Items).Prompts), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_is_a_link_out_of_the_folder_is_refused_when_it_is_read()
    {
        using var elsewhere = new TemporaryFolder();
        var secret = elsewhere.File("train.csv", "text,mood\na,good\n");
        folder.File("mood/validation.csv", "text,mood\n");
        var task = Load(Good + "\ndata: mood").For(Protocol.Default);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "mood", "train.csv"), secret);

        Refused.With(() => Sampler.Draw(task, null), Path.Combine("mood", "train.csv"), "stay in the folder of the task's file");

        var one = Load(OneTable).For(Protocol.Default);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "all.csv"), secret);

        Refused.With(() => Sampler.Draw(one, null), "all.csv", "stay in the folder of the task's file");
    }

    [Fact]
    public void A_file_that_is_no_text_is_refused()
    {
        Refused.With(() => TaskLibrary.Load(folder.File("a.yaml", [0xFF, 0xFE])), "a.yaml", "UTF-8");
        Refused.With(() => TaskLibrary.Load(folder.File("b.yaml", new byte[2 << 20])), "b.yaml", "at most 1 MiB");
    }

    private TaskDefinition Load(string text) => TaskLibrary.Load(folder.File("mood.yaml", text));
}
