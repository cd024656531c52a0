using Eckart.Engine.Arithmetic;
using Eckart.Engine.Packing;
using TorchSharp;

namespace Eckart.Engine.Walking;

/// <summary>The end of a pass: log-probabilities, or mean logits, at the scored rows.</summary>
/// <remarks>The vocabulary is worked on in blocks, so that neither all logits nor a whole head need be in memory. Maxima and sums are kept a block and
/// merged in order: the digits do not depend on which worker did what.</remarks>
/// <param name="weights">Of the model.</param>
/// <param name="arithmetic">Norm and log-sum-exp.</param>
/// <param name="pool">Hidden states.</param>
internal sealed class Head(ILayerWeights weights, ILayerArithmetic arithmetic, BufferPool pool)
{
    /// <summary>Rows of the vocabulary that are worked on at once.</summary>
    public const int BlockRows = 1024;

    private double[]? meanRow;

    private int Vocabulary => weights.Spec.Vocabulary;

    private int Blocks => (Vocabulary + BlockRows - 1) / BlockRows;

    /// <summary>Scores the rows of branches that have come through the last layer.</summary>
    /// <returns>For each branch, by chunk: a row a scored row, a value a token asked for there.</returns>
    public IReadOnlyList<IReadOnlyDictionary<Chunk, double[][]>> Score(Team team, IReadOnlyList<Branch> branches, CancellationToken cancellation)
    {
        var found = branches.Select(_ => new Dictionary<Chunk, double[][]>()).ToArray();
        var groups = new List<(ScoredRows Rows, Dictionary<Chunk, double[][]> Into)>();
        try
        {
            foreach (var (branch, into) in branches.Zip(found))
                foreach (var chunks in branch.Sets.SelectMany(set => new[] { set.Chunks, set.Prefix.Blocks }).Where(chunks => chunks.Count > 0 && chunks[0].Scored.Length > 0).Distinct())
                    groups.Add((new ScoredRows(branch, chunks, weights, arithmetic, pool, Blocks), into));

            foreach (var group in groups.GroupBy(group => group.Rows.Means))
            {
                ScoredRows[] rows = [.. group.Select(one => one.Rows)];
                if (group.Key) ScoreMeans(team, rows, cancellation);
                else team.Run(Blocks, (scratch, block) => ScoreBlock(scratch, block, rows), cancellation);
            }

            foreach (var (rows, into) in groups) rows.Write(into);
            return found;
        }
        finally
        {
            foreach (var (rows, _) in groups) rows.Dispose();
        }
    }

    private void ScoreBlock(Scratch scratch, int block, IReadOnlyList<ScoredRows> groups)
    {
        using var scope = torch.NewDisposeScope();
        var first = block * BlockRows;
        var count = Math.Min(BlockRows, Vocabulary - first);
        using var head = new ProductMatrix(weights.Head(first, count));
        var bias = weights.HeadBias(first, count);
        if (groups.Any(group => group.Count >= ProductMatrix.LeastRows)) head.PackAll(pool);
        foreach (var group in groups) group.ScoreBlock(scratch, block, first, head, bias);
    }

    // The mean logit is one row: the mean of the head's.
    private void ScoreMeans(Team team, ScoredRows[] groups, CancellationToken cancellation)
    {
        meanRow ??= MeanRow(team, cancellation);
        team.Run(groups.Length, (_, i) => groups[i].ScoreMeans(meanRow), cancellation);
    }

    // C values, and last the mean bias.
    private double[] MeanRow(Team team, CancellationToken cancellation)
    {
        var sums = new double[Blocks][];
        team.Run(Blocks, (_, block) =>
        {
            using var scope = torch.NewDisposeScope();
            var first = block * BlockRows;
            var count = Math.Min(BlockRows, Vocabulary - first);
            var bias = weights.HeadBias(first, count)?.sum(torch.ScalarType.Float64).item<double>() ?? 0;
            sums[block] = [.. weights.Head(first, count).to(torch.float64).sum([0L]).cpu().data<double>(), bias];
        }, cancellation);
        return [.. Enumerable.Range(0, sums[0].Length).Select(i => sums.Sum(block => block[i]) / Vocabulary)];
    }
}
