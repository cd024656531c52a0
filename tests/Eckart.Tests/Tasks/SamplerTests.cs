using System.Text.Json;
using CsCheck;
using Eckart.Tasks;
using Eckart.Tests.Support;
using Parquet.Serialization;

namespace Eckart.Tests.Tasks;

public sealed class SamplerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rows_of_validation_and_test_do_not_depend_on_the_demonstrations()
    {
        MadeUpRows.Write(folder, "rte");
        var task = TaskLibrary.Load("rte").For(Protocol.Default);

        var few = Sampler.Draw(task, folder.Path, new SampleSize(Shots: 3));
        var many = Sampler.Draw(task, folder.Path);

        Assert.Equal(Rows(few.Validation), Rows(many.Validation));
        Assert.Equal(Rows(few.Test), Rows(many.Test));
        Assert.Equal(Rows(few.Demonstrations), Rows(many.Demonstrations)[..3]);
        Assert.All(few.Test.Items.Zip(many.Test.Items), pair => Assert.NotEqual(pair.First.Prompts, pair.Second.Prompts));
        Assert.NotEqual(few.Test.Digest(), many.Test.Digest());
    }

    [Fact]
    public void Another_order_permutes_the_demonstrations_alone()
    {
        MadeUpRows.Write(folder, "cb");
        var task = TaskLibrary.Load("cb").For(Protocol.Default);

        var (own, other) = (Sampler.Draw(task, folder.Path, new SampleSize(Shots: 6)), Sampler.Draw(task, folder.Path, new SampleSize(Shots: 6, Order: 42)));

        int[] permuted = [.. NumpyPermutation.Of(42, 6).Select(i => own.Demonstrations.Items[i].Row)];
        Assert.Equal(permuted, Rows(other.Demonstrations));
        Assert.NotEqual(Rows(own.Demonstrations), Rows(other.Demonstrations));
        Assert.Equal(Rows(own.Test), Rows(other.Test));
        Assert.Equal(Rows(own.Validation), Rows(other.Validation));
        Assert.StartsWith(string.Concat(other.Demonstrations.Items.Select(item => item.Prompts[0])), other.Test.Items[0].Prompts[0], StringComparison.Ordinal);
    }

    [Fact]
    public void More_demonstrations_than_were_sampled_are_refused()
    {
        MadeUpRows.Write(folder, "cb");

        Refused.With(() => Sampler.Draw(TaskLibrary.Load("cb").For(Protocol.Authors), folder.Path, new SampleSize(Shots: 16)), "task 'cb'", "at most 15 demonstrations", "found 16");
    }

    [Theory]
    [InlineData("sst2")]
    [InlineData("rte")]
    [InlineData("cb")]
    [InlineData("copa")]
    public void No_row_is_used_twice_and_nothing_of_the_rest_is_left(string name)
    {
        MadeUpRows.Write(folder, name);

        foreach (var variant in TaskLibrary.Load(name).Variants.Values)
        {
            var sample = Sampler.Draw(variant, folder.Path, new SampleSize(Shots: 10, Validation: SampleSize.All, Test: SampleSize.All));
            var train = Rows(sample.Demonstrations).Concat(Rows(sample.Validation)).Concat(variant.Split.Test.From == "train" ? Rows(sample.Test) : []).ToList();

            Assert.Equal(train.Count, train.Distinct().Count());
            if (variant.Split.Test.Rest) Assert.Equal(Enumerable.Range(0, train.Count), train.Order());
        }
    }

    [Fact]
    public void Another_seed_draws_other_rows()
    {
        MadeUpRows.Write(folder, "cb");
        var task = TaskLibrary.Load("cb").For(Protocol.Default);

        var other = Sampler.Draw(task, folder.Path, new SampleSize(Seed: 67));

        Assert.Equal(67, other.Seed);
        Assert.NotEqual(Rows(Sampler.Draw(task, folder.Path).Demonstrations), Rows(other.Demonstrations));
    }

    [Fact]
    public void Thinned_items_are_spread_evenly_over_the_split() => Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60]).Sample((count, most) =>
    {
        var task = Own("{ seed: 1, validation: { per_class: 3 }, test: { rest: true, order: class } }", count + 3);

        var sample = Sampler.Draw(task, null, new SampleSize(Test: most));

        int[] all = Rows(Sampler.Draw(task, null, new SampleSize(Test: SampleSize.All)).Test);
        int[] expected = [.. Enumerable.Range(0, Math.Min(most, all.Length)).Select(i => all[most < all.Length ? i * all.Length / most : i])];
        Assert.Equal(expected, Rows(sample.Test));
        Assert.Equal(all.Length, sample.Test.Available);
    }, iter: 30, threads: 1);

    [Fact]
    public void The_default_protocol_takes_so_many_items_unless_told_otherwise()
    {
        MadeUpRows.Write(folder, "sst2");
        var task = TaskLibrary.Load("sst2");

        var usual = Sampler.Draw(task.For(Protocol.Default), folder.Path).Validation;
        var all = Sampler.Draw(task.For(Protocol.Default), folder.Path, new SampleSize(Validation: SampleSize.All)).Validation;
        var paper = Sampler.Draw(task.For(Protocol.Paper), folder.Path).Validation;

        Assert.Equal((1000, 8000), (usual.Items.Length, usual.Available));
        Assert.Equal((8000, 8000), (all.Items.Length, all.Available));
        Assert.Equal((8000, 8000), (paper.Items.Length, paper.Available));
        Assert.Equal(500, usual.Items.Count(item => item.Gold == 1));
    }

    [Fact]
    public void A_table_of_another_length_than_published_is_noted()
    {
        MadeUpRows.Write(folder, "cb");

        var notes = Sampler.Draw(TaskLibrary.Load("cb").For(Protocol.Authors), folder.Path).Notes;

        Assert.Equal(["cb: train.jsonl has 30 rows, the published table 250: the split is not the authors'.", "cb: validation.jsonl has 9 rows, the published table 56: the split is not the authors'."], notes);
    }

    [Fact]
    public void A_label_outside_the_tasks_is_refused_by_its_line()
    {
        MadeUpRows.Write(folder, "cb");
        File.AppendAllText(Path.Combine(folder.Path, "cb", "validation.jsonl"), "\n{\"premise\":\"\",\"hypothesis\":\"\",\"label\":-1}");

        Refused.With(() => Sampler.Draw(TaskLibrary.Load("cb").For(Protocol.Default), folder.Path), "validation.jsonl:10", "expected field 'label' to be 0 or 1 or 2, found '-1'");
    }

    [Fact]
    public void Too_few_rows_of_a_class_are_refused()
    {
        folder.File("cb/train.jsonl", "{\"premise\":\"\",\"hypothesis\":\"\",\"label\":1}");

        Refused.With(() => Sampler.Draw(TaskLibrary.Load("cb").For(Protocol.Default), folder.Path), "train.jsonl", "expected 5 rows of each class, found a class of 0");
    }

    [Fact]
    public void An_empty_split_is_refused()
    {
        MadeUpRows.Write(folder, "cb");
        folder.File("cb/validation.jsonl", "");

        Refused.With(() => Sampler.Draw(TaskLibrary.Load("cb").For(Protocol.Default), folder.Path), "validation.jsonl", "found 0");
    }

    [Fact]
    public void A_table_of_a_header_alone_is_refused()
    {
        var task = Own("{ validation: { count: 1 }, test: { rest: true } }", 0);

        Refused.With(() => Sampler.Draw(task, null), "own.csv: expected 1 rows that no other part took, found 0; add rows");
    }

    [Fact]
    public async Task A_null_among_the_texts_of_a_Parquet_table_is_refused_by_its_row()
    {
        using (var stream = File.Create(Path.Combine(folder.Path, "own.parquet")))
            await ParquetSerializer.SerializeAsync([new TextRow("a", 0), new TextRow(null, 1)], stream, cancellationToken: TestContext.Current.CancellationToken);
        var task = Task("own.parquet", "{ validation: { count: 1 }, test: { rest: true } }");

        Refused.With(() => Sampler.Draw(task, null), "own.parquet: row 1: expected field 'text' to be text, found null");
    }

    [Fact]
    public void Nul_special_tokens_and_spaces_alone_reach_the_prompt_as_they_are()
    {
        string[] texts = ["a\0b", "<|endoftext|></s><s>", "   ", ""];
        folder.File("own.jsonl", string.Concat(texts.Select((text, i) => JsonSerializer.Serialize(new { text, label = i % 2 }) + "\n")));
        var task = Task("own.jsonl", "{ seed: 1, demonstrations: { per_class: 1 }, validation: { count: 1 }, test: { rest: true, order: file } }");

        var sample = Sampler.Draw(task, null);

        var shown = string.Concat(Rows(sample.Demonstrations).Select(row => $"{texts[row]} -> {"ab"[row % 2]}\n"));
        Item[] asked = [.. sample.Validation.Items, .. sample.Test.Items];
        Assert.Equal(texts.Length, asked.Length + sample.Demonstrations.Items.Length);
        Assert.All(asked, item => Assert.Equal([$"{shown}{texts[item.Row]} ->"], item.Prompts));
        Assert.All(sample.Demonstrations.Items, item => Assert.Equal([$"{texts[item.Row]} -> {"ab"[item.Gold]}\n"], item.Prompts));
    }

    [Fact]
    public void Further_rows_are_rendered_after_the_same_demonstrations()
    {
        MadeUpRows.Write(folder, "cb");
        var sample = Sampler.Draw(TaskLibrary.Load("cb").For(Protocol.Default), folder.Path);
        var row = Table.ReadAll(Path.Combine(folder.Path, "cb", "validation.jsonl"))[0];

        var item = sample.Renderer.Render(row, ItemRenderer.Unlabelled);

        Assert.Equal(sample.Test.Items[0].Prompts, item.Prompts);
        Assert.Equal(-1, item.Gold);
    }

    [Fact]
    public void Items_of_a_count_are_the_first_of_the_shuffle_that_no_one_took()
    {
        var task = Own("{ seed: 5, demonstrations: { per_class: 1 }, validation: { count: 4 }, test: { rest: true } }", 10);

        var sample = Sampler.Draw(task, null);

        var order = NumpyPermutation.Of(5, 20).Except(Rows(sample.Demonstrations)).ToArray();
        Assert.Equal(order[..4], Rows(sample.Validation));
        Assert.Equal(order[4..], Rows(sample.Test));
    }

    [Fact]
    public void A_digest_tells_apart_texts_that_run_together()
    {
        var one = new ItemSet([new Item(0, 0, ["ab"], ["c", "d"])], 1);
        var other = new ItemSet([new Item(0, 0, ["a"], ["bc", "d"])], 1);

        Assert.NotEqual(one.Digest(), other.Digest());
        Assert.Equal(one.Digest(), new ItemSet([new Item(0, 0, ["ab"], ["c", "d"])], 5).Digest());
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    public void Negative_sizes_are_misuse(int shots, int test)
    {
        var task = Own("{ validation: { per_class: 1 }, test: { rest: true } }", 3);

        Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.Draw(task, null, new SampleSize(Shots: shots, Test: test)));
    }

    [Theory]
    [InlineData("{text} ->", " a", null)]
    [InlineData("{text} -> ", "a", null)]
    [InlineData("{text} ->", "好", null)]
    [InlineData("{text} (", "a", null)]
    [InlineData("{text}:", "да", "own: choice 'да' follows the prompt with no space between: if one belongs there, write ' да'")]
    [InlineData("{text} ->", "a", "own: choice 'a' follows the prompt with no space between: if one belongs there, write ' a'")]
    [InlineData("{text}", "a", "own: choice 'a' follows the prompt with no space between: if one belongs there, write ' a'")]
    public void A_choice_without_its_leading_space_is_said(string query, string choice, string? note)
    {
        folder.File("own.csv", "text,label\nx,0\ny,1\nz,0\nu,1\n");
        var task = TaskLibrary.Load(folder.File("own.yaml", $"name: own\ndata: own.csv\nlabel: label\nchoices: {{ 0: '{choice}', 1: ' b' }}\nquery: '{query}'\nsplit: {{ validation: {{ per_class: 1 }}, test: {{ rest: true }} }}")).For(Protocol.Default);

        Assert.Equal(note is null ? [] : new[] { note }, Sampler.Draw(task, null).Notes);
    }

    private TaskVariant Own(string split, int rowsOfEachLabel)
    {
        folder.File("own.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 2 * rowsOfEachLabel).Select(i => $"row {i},{i % 2}\n")));
        return Task("own.csv", split);
    }

    private TaskVariant Task(string data, string split) =>
        TaskLibrary.Load(folder.File("own.yaml", $"name: own\ndata: {data}\nlabel: label\nchoices: {{ 0: ' a', 1: ' b' }}\nquery: '{{text}} ->'\nsplit: {split}")).For(Protocol.Default);

    private static int[] Rows(ItemSet set) => [.. set.Items.Select(item => item.Row)];

    private sealed record TextRow(string? text, int label);
}
