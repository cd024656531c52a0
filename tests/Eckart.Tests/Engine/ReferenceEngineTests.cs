using Eckart.Engine;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Tests.Support;
using TorchSharp;

namespace Eckart.Tests.Engine;

public sealed class ReferenceEngineTests
{
    private static readonly int[] Prompt = [1, 200, 33, 4];
    private static readonly int[][] Choices = [[9, 5], [6], [9, 8, 7, 9], [9], [5, 9]];

    [Theory]
    [InlineData("none")]
    [InlineData("all@1:0.5+drop@0")]
    public void Choices_scored_together_have_the_scores_of_each_alone(string intervention)
    {
        using var tiny = new TinyLm();

        var together = Score(tiny, intervention, QueryEncoder.FromIds(tiny.Model.Spec, Prompt, Choices, "all"))[0];
        var alone = Choices.Select(choice => Score(tiny, intervention, QueryEncoder.FromIds(tiny.Model.Spec, Prompt, [choice], "one"))[0][0]);

        Assert.All(alone.Zip(together), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void A_score_is_the_sum_of_the_log_softmax_of_full_logits()
    {
        using var tiny = new TinyLm();

        var scores = Score(tiny, "none", QueryEncoder.FromIds(tiny.Model.Spec, Prompt, Choices, "all"))[0];

        Assert.All(Choices.Zip(scores), pair => Assert.Equal(LogProbability(tiny, Prompt, pair.First), pair.Second, 1e-5));
        Assert.True(scores[0] - scores[3] < -0.5);
    }

    [Fact]
    public void A_score_is_divided_by_its_divisor_and_set_against_its_prior()
    {
        using var tiny = new TinyLm();
        var query = new Query("item", 0, 0, [new Continuation((int[])[.. Prompt, 9, 5], 2, 2)], [new Continuation((int[])[3, 9, 5], 2)]);

        var score = Score(tiny, "none", query)[0][0];

        Assert.Equal((LogProbability(tiny, Prompt, [9, 5]) / 2) - LogProbability(tiny, [3], [9, 5]), score, 1e-5);
    }

    [Fact]
    public void The_mean_logit_is_the_mean_over_all_positions_and_the_whole_vocabulary()
    {
        using var tiny = new TinyLm();
        int[][] texts = [[1, 2, 3], [1, 2, 3, 4, 5]];
        var query = new Query("item", 0, 0, [.. texts.Select(text => new Continuation(text, 0))], []);

        var scores = Score(tiny, "none", query)[0];

        Assert.All(texts.Zip(scores), pair => Assert.Equal(Logits(tiny, pair.First).Average(), pair.Second, 1e-6));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("all@0:0.5")]
    public void Scores_do_not_depend_on_the_number_of_workers_or_on_the_other_queries(string intervention)
    {
        using var alone = new TinyLm(workers: 1);
        using var many = new TinyLm(workers: 4);
        Query[] queries = [.. Enumerable.Range(0, 12).Select(i => QueryEncoder.FromIds(alone.Model.Spec, [.. Enumerable.Range(i, 5 + (7 * i))], Choices, "item"))];

        var expected = Score(alone, intervention, queries);

        Assert.Equal(Bits(expected), Bits(Score(many, intervention, queries)));
        Assert.Equal(Bits(expected), Bits([.. queries.Select(query => Score(many, intervention, query)[0])]));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("drop@1")]
    public void A_score_that_is_not_finite_is_refused_by_query_and_intervention(string intervention)
    {
        using var tiny = new TinyLm(weights => weights["model.layers.0.mlp.gate_proj.weight"].Values[3] = float.NaN);

        Refused.With(
            () => Score(tiny, intervention, QueryEncoder.FromIds(tiny.Model.Spec, Prompt, Choices, "cb test row 7")),
            $"cb test row 7 under {intervention}: ", "finite scores", "NaN or infinity");
    }

    [Fact]
    public void Every_query_is_told_once_and_the_ranks_are_those_kept()
    {
        using var tiny = new TinyLm();
        var told = 0;
        var query = QueryEncoder.FromIds(tiny.Model.Spec, Prompt, Choices, "item");

        var scores = tiny.Engine.Score([query, query, query], tiny.Resolve("key@1:0.5"), () => Interlocked.Increment(ref told), TestContext.Current.CancellationToken);

        Assert.Equal(3, told);
        Assert.Equal("key@1 4", string.Join(' ', scores.Ranks.Select(rank => $"{rank.Key} {rank.Value}")));
    }

    [Fact]
    public void A_cancelled_call_ends_with_the_model_as_it_was()
    {
        using var tiny = new TinyLm(workers: 1);
        using var cancellation = new CancellationTokenSource();
        var before = tiny.LogitBits();
        var query = QueryEncoder.FromIds(tiny.Model.Spec, Prompt, Choices, "item");
        var told = 0;

        void Done()
        {
            if (++told == 2) cancellation.Cancel();
        }

        Assert.ThrowsAny<OperationCanceledException>(() => tiny.Engine.Score([query, query, query, query], tiny.Resolve("mlp@1:0.9"), Done, cancellation.Token));
        Assert.Equal(2, told);
        Assert.Equal(before, tiny.LogitBits());
    }

    private static IReadOnlyList<double[]> Score(TinyLm tiny, string intervention, params Query[] queries) =>
        tiny.Engine.Score(queries, tiny.Resolve(intervention), null, TestContext.Current.CancellationToken).Scores;

    private static long[] Bits(IReadOnlyList<double[]> scores) => [.. scores.SelectMany(row => row).Select(BitConverter.DoubleToInt64Bits)];

    private static double LogProbability(TinyLm tiny, int[] prompt, int[] choice)
    {
        var logits = Logits(tiny, [.. prompt, .. choice]).Chunk(TinyModel.Vocabulary).ToArray();
        return choice.Select((id, i) =>
        {
            var row = logits[prompt.Length + i - 1];
            return row[id] - Math.Log(row.Sum(logit => Math.Exp(logit)));
        }).Sum();
    }

    private static double[] Logits(TinyLm tiny, int[] ids)
    {
        using var scope = torch.NewDisposeScope();
        return Array.ConvertAll(tiny.Model.Logits(tiny.Model.HiddenStates(ids)).data<float>().ToArray(), logit => (double)logit);
    }
}
