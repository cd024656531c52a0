using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Tasks;

public sealed class TaskLibraryTests
{
    public static readonly TheoryData<string> Papers = ["sst2", "ag_news", "emoc", "mrpc", "rte", "cb", "copa"];

    [Fact]
    public void The_papers_seven_tasks_are_there() => Assert.All(Papers, row => Assert.Contains(row.Data, TaskLibrary.Names));

    [Theory]
    [MemberData(nameof(Papers))]
    public void Each_has_three_protocols_and_says_where_its_data_is_had(string name)
    {
        var task = TaskLibrary.Load(name);

        Assert.Equal(name, task.Name);
        Assert.Equal([Protocol.Default, Protocol.Paper, Protocol.Authors], task.Variants.Keys);
        Assert.All([task.Source.Hub, task.Source.Url, task.Source.Licence, task.Source.Cite, task.Source.Obtain], Assert.NotNull);
        Refused.With(() => Sampler.Draw(task.For(Protocol.Default), "nowhere"), Path.Combine("nowhere", name), "train.jsonl, train.jsonl.gz, train.csv, train.tsv, train.parquet", task.Source.Obtain!);
        Refused.With(() => Sampler.Draw(task.For(Protocol.Default), null), "--data", $"{name}/train.jsonl", task.Source.Obtain!);
    }

    [Theory]
    [InlineData("sst2", "10 10 10", " neg, pos", "n-0")]
    [InlineData("ag_news", "8 8 8", " world, sports, business, science", "n-0")]
    [InlineData("emoc", "10 10 10", " pos, neg", "n-0")]
    [InlineData("mrpc", "10 10 10", " false, true", "n-1")]
    [InlineData("rte", "10 10 5", " Yes, No", "n-1")]
    [InlineData("cb", "15 15 5", " Yes, No, Maybe", "n-1")]
    [InlineData("copa", "10 10 5", "{choice1},{choice2}", "n-0")]
    public void Shots_label_words_and_divisors_are_the_protocols(string name, string shots, string words, string divisor)
    {
        var task = TaskLibrary.Load(name);
        var authors = task.For(Protocol.Authors);

        Assert.Equal(shots, string.Join(' ', task.Variants.Values.Select(variant => variant.Shots)));
        Assert.Equal(words, string.Join(',', authors.Choices));
        Assert.Equal(divisor, $"n-{authors.PublishedShortfall}");
        Assert.Equal(name == "copa" ? "mean-logit" : "label-token", authors.Scoring.ToString());
        Assert.Equal(name == "copa" ? "choice/tokens" : "choice/sum", task.For(Protocol.Paper).Scoring.ToString());
        Assert.Equal("choice/sum", task.For(Protocol.Default).Scoring.ToString());
        Assert.Null(task.For(Protocol.Default).PublishedDivisor(10));
    }

    [Theory]
    [InlineData("sst3", "did you mean 'sst2'?")]
    [InlineData("squad", "use one of")]
    [InlineData("sst2.json", "expected the name of a task or the path of a .yaml file")]
    public void An_unknown_name_gets_a_suggestion(string name, string hint) => Refused.With(() => TaskLibrary.Load(name), $"task '{name}'", hint);

    [Fact]
    public void A_path_that_does_not_exist_is_refused() => Refused.With(() => TaskLibrary.Load("no/such.yaml"), "no/such.yaml", "found none");
}
