using Eckart.Statistics;
using Eckart.Theory;
using TorchSharp;
using static TorchSharp.torch;

namespace Eckart.Tests.Theory;

/// <summary>Softmax attention against the operators of the linear algebra library.</summary>
public sealed class SoftmaxAttentionTests
{
    [Fact]
    public void The_test_token_goes_where_the_librarys_softmax_takes_it()
    {
        using var scope = NewDisposeScope();
        var weights = SomeLayer.Weights(1);
        var context = new TokenContext(SomeLayer.Demonstrations(2), [0.3, -1, 0.5, 0]);
        var (tokens, test) = (Of(context.Tokens), Of(context.Test));
        var shares = nn.functional.softmax(Of(weights.Key).mm(tokens).t().mm(Of(weights.Query).mm(test)), 0);
        var values = Of(weights.Value).mm(tokens);
        values[.., -1] = zeros(4, float64);                 // the mask
        var expected = (test + values.mm(shares)).contiguous().data<double>().ToArray();

        Assert.All(SoftmaxAttention.Attend(weights, context).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-13));
        Assert.All(SoftmaxAttention.ByKernel(weights, context).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-13));
    }

    [Fact]
    public void The_normaliser_counts_the_test_tokens_own_weight()
    {
        var weights = new AttentionWeights(RealMatrix.Identity(2), RealMatrix.Identity(2), RealMatrix.Identity(2));
        var context = new TokenContext(RealMatrix.OfRows([1, 0], [0, 2]), [1, 1]);

        Assert.Equal(Math.Exp(1) + Math.Exp(2) + Math.Exp(2), SoftmaxAttention.Normaliser(weights, context), 1e-13);
    }

    [Fact]
    public void Large_scores_overflow_nothing()
    {
        var big = 100 * RealMatrix.Identity(2);
        var context = new TokenContext(RealMatrix.OfRows([1, 0], [0, 1]), [1, 0]);

        Assert.All(SoftmaxAttention.Attend(new AttentionWeights(big, big, big), context), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Random_features_come_closer_as_there_are_more()
    {
        double[] x = [0.4, -0.2, 0.5], y = [0.1, 0.3, 0.6];
        double Error(int count) => Enumerable.Range(0, 20).Average(seed =>
        {
            var features = new PositiveFeatures(new SplitMix64((ulong)seed), count, 3);
            return Math.Abs(RealMatrix.Dot(features.Of(x), features.Of(y)) - SoftmaxAttention.Kernel(x, y));
        });

        Assert.InRange(Error(100) / Error(10_000), 5, 20);      // ten, on average
    }

    [Fact]
    public void With_features_the_layer_is_near_softmaxs()
    {
        var weights = SomeLayer.Weights(1);
        var context = new TokenContext(SomeLayer.Demonstrations(2), [0.3, -1, 0.5, 0]);
        var features = new PositiveFeatures(new SplitMix64(5), 200_000, 4);

        var update = SoftmaxAttention.Update(weights, context, features);
        var found = update.Times(features.Of(weights.Query.Times(context.Test.Values)));

        Assert.Equal((4, 200_000), (update.Rows, update.Columns));
        foreach (var ((value, start), expected) in found.Zip(context.Test.Column(0)).Zip(SoftmaxAttention.Attend(weights, context))) Assert.Equal(expected, value + start, 0.01);
    }

    private static Tensor Of(RealMatrix matrix) => tensor(matrix.Values.ToArray(), [matrix.Rows, matrix.Columns], float64);
}
