using CsCheck;
using Eckart.Statistics;
using Eckart.Theory;
using TorchSharp;

namespace Eckart.Tests.Theory;

public sealed class SingularDecompositionTests
{
    private static readonly Gen<RealMatrix> Matrices = Gen.Select(Gen.ULong, Gen.Int[1, 9], Gen.Int[1, 9]).Select((seed, m, n) => RealMatrix.Normal(new SplitMix64(seed), m, n));

    [Fact]
    public void Singular_values_are_those_of_the_linear_algebra_library() => Matrices.Sample(matrix =>
    {
        using var scope = torch.NewDisposeScope();
        var expected = torch.linalg.svdvals(torch.tensor(matrix.Values.ToArray(), [matrix.Rows, matrix.Columns], torch.float64)).data<double>().ToArray();

        var found = SingularDecomposition.Of(matrix).Values;

        Assert.Equal(expected.Length, found.Count);
        foreach (var (value, other) in found.Zip(expected)) Assert.Equal(other, value, 1e-12 * expected[0]);
    });

    [Fact]
    public void A_truncation_is_the_one_of_the_linear_algebra_library()
    {
        using var scope = torch.NewDisposeScope();
        var matrix = RealMatrix.Normal(new SplitMix64(3), 5, 7);
        var (u, s, vt) = torch.linalg.svd(torch.tensor(matrix.Values.ToArray(), [5, 7], torch.float64), fullMatrices: false);
        var expected = u[.., ..2].mul(s[..2]).mm(vt[..2, ..]).contiguous().data<double>().ToArray();

        Assert.All(SingularDecomposition.Of(matrix).Truncated(2).Values.ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
    }

    [Fact]
    public void What_is_kept_and_what_is_removed_are_the_matrix() => Matrices.Sample(matrix =>
    {
        var decomposition = SingularDecomposition.Of(matrix);

        for (var rank = 0; rank < decomposition.Values.Count; rank++)
            Assert.True((decomposition.Truncated(rank) + decomposition.Removed(rank) - matrix).Norm <= 1e-13 * matrix.Norm);
        Assert.Same(matrix, decomposition.Truncated(decomposition.Values.Count));
    });

    [Fact]
    public void Ranks_are_counted_past_rounding()
    {
        var random = new SplitMix64(1);
        var low = RealMatrix.Normal(random, 8, 3) * RealMatrix.Normal(random, 3, 8);

        Assert.Equal(3, SingularDecomposition.Of(low).Rank);
        Assert.Equal(0, SingularDecomposition.Of(RealMatrix.Zero(3, 4)).Rank);
        Assert.Equal(4, SingularDecomposition.Of(RealMatrix.Identity(4)).Rank);
    }
}
