using Eckart.Statistics;
using Eckart.Theory;

namespace Eckart.Tests.Theory;

public sealed class MultiHeadWeightsTests
{
    // Head by head as an attention layer computes it: values weighted by products of keys and query, put side by side, projected.
    [Fact]
    public void The_update_does_what_attention_of_several_heads_does()
    {
        var random = new SplitMix64(1);
        const int size = 5, heads = 3, width = 2;
        RealMatrix Stacked() => RealMatrix.Normal(random, heads * width, size);
        var weights = new MultiHeadWeights(new AttentionWeights(Stacked(), Stacked(), Stacked()), RealMatrix.Normal(random, size, heads * width), heads);
        var demonstrations = RealMatrix.Normal(random, size, 4);
        double[] token = [1, -1, 0.5, 2, 0];

        var query = weights.Heads.Query.Times(token);
        var mixed = new double[heads * width];
        for (var i = 0; i < 4; i++)
        {
            double[] value = weights.Heads.Value.Times(demonstrations.Column(i)), key = weights.Heads.Key.Times(demonstrations.Column(i));
            for (var row = 0; row < mixed.Length; row++)
            {
                var first = row / width * width;
                mixed[row] += value[row] * Enumerable.Range(first, width).Sum(k => key[k] * query[k]);
            }
        }

        Assert.All(weights.Update(demonstrations).Times(token).Zip(weights.Output.Times(mixed)), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
    }
}
