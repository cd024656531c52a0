using Eckart.Engine.Packing;
using Eckart.Tasks;

namespace Eckart.Tests.Engine.Packing;

public sealed class PromptSetTests
{
    [Fact]
    public void The_prefix_is_what_all_prompts_begin_with()
    {
        var set = Of(100, [One([1, 2, 3, 4, 9]), One([1, 2, 3, 5, 6, 9])]);

        Assert.Equal([1, 2, 3], set.Prefix.Ids.ToArray());
        Assert.Equal([4, 5, 6], set.Chunks.SelectMany(chunk => chunk.Ids).Order());
        Assert.Equal(5, set.Positions);
    }

    [Fact]
    public void Scored_rows_are_never_the_prefixs()
    {
        // The last token of the prompt predicts the choice, so it stays with the chunk though all share it.
        var set = Of(100, [One([1, 2, 3, 8]), One([1, 2, 3, 9])]);

        Assert.Equal([1, 2], set.Prefix.Ids.ToArray());
        Assert.Equal([3, 3], set.Chunks.Single().Ids);
        Assert.Equal([8, 9], set.Chunks.Single().Tokens.SelectMany(tokens => tokens));
    }

    [Fact]
    public void A_single_query_and_a_single_token_leave_a_row_to_the_chunk()
    {
        var query = Of(100, [One([1, 2, 3, 4])]);
        var token = Of(100, [One([1, 2])]);
        var mean = Of(100, [[new Continuation((int[])[1, 2, 3], 0)]]);

        Assert.Equal((2, 1), (query.Prefix.Length, query.Chunks.Single().Rows));
        Assert.Equal((0, 1), (token.Prefix.Length, token.Chunks.Single().Rows));
        Assert.Equal((2, 1), (mean.Prefix.Length, mean.Chunks.Single().Rows));
        Assert.Equal([0, 1], mean.Prefix.Blocks.Single().Scored);
    }

    [Fact]
    public void Choices_of_several_tokens_share_their_querys_tokens()
    {
        var set = Of(100, [[Own([1, 2, 3, 4, 5, 6], 2), Own([1, 2, 3, 4, 7, 8], 2), Own([1, 2, 3, 4, 9], 1)], [Own([1, 5, 9, 9], 1)]]);

        var chunk = set.Chunks.Single();

        Assert.Equal([1], set.Prefix.Ids.ToArray());
        Assert.Equal([2, 3, 4, 5, 7, 5, 9], chunk.Ids);
        Assert.Equal([(0, 3, 0), (3, 1, 3), (4, 1, 3), (5, 2, 0)], chunk.Strands.Select(strand => (strand.Row, strand.Length, strand.Before)));
        Assert.Equal([2, 3, 4, 6], chunk.Scored);
        Assert.Equal([5, 7, 9], chunk.Tokens[0].Order());
    }

    [Fact]
    public void Scores_are_sums_over_the_rows_that_predict_each_token()
    {
        var set = Of(100, [[Own([1, 2, 3, 4, 5, 6], 2), Own([1, 2, 3, 4, 7], 1)], [Own([1, 9, 8], 1), Own([1, 9, 7], 1)]]);
        var rows = set.Chunks.ToDictionary(chunk => chunk, chunk => chunk.Tokens.Select((tokens, row) => tokens.Select(token => (100.0 * chunk.Ids[chunk.Scored[row]]) + token).ToArray()).ToArray());

        var scores = set.Scores(rows);

        Assert.Equal([[405 + 506, 407], [908, 907]], scores);
    }

    [Fact]
    public void Equal_queries_are_read_once_and_all_answered()
    {
        var set = Of(100, [One([1, 2, 3, 4]), One([1, 5, 6, 4]), One([1, 2, 3, 4])]);

        Assert.Equal(4, set.Chunks.Sum(chunk => chunk.Rows));
        var rows = set.Chunks.ToDictionary(chunk => chunk, chunk => chunk.Scored.Select(row => new double[] { chunk.Ids[row] }).ToArray());
        Assert.Equal([3, 6, 3], set.Scores(rows).Select(row => row[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(1000)]
    public void Chunks_are_about_equal_and_a_longer_query_is_alone(int chunkTokens)
    {
        var random = new Random(3);
        var set = Of(chunkTokens, [One([7, .. Enumerable.Repeat(1, 300), 2]), .. Enumerable.Range(0, 60).Select(i => One([7, .. Enumerable.Repeat(2 + (i % 5), 5 + random.Next(10)), i]))]);

        var rows = set.Chunks.Select(chunk => chunk.Rows).Order().ToArray();

        Assert.True(rows.Length % 4 == 0 || rows.Length is 1 or 61);
        if (chunkTokens != 40) return;
        Assert.Equal(300, rows[^1]);
        Assert.Single(set.Chunks.MaxBy(chunk => chunk.Rows)!.Strands);
        Assert.True(rows[^2] - rows[0] <= 14);
    }

    private static PromptSet Of(int chunkTokens, IReadOnlyList<IReadOnlyList<Continuation>> queries) => PromptSet.Of(queries, chunkTokens, prefix => prefix);

    private static IReadOnlyList<Continuation> One(int[] ids) => [Own(ids, 1)];

    private static Continuation Own(int[] ids, int own) => new(ids, own);
}
