using System.Numerics;
using System.Text.Json;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Tasks;

public sealed class NumpyPermutationTests
{
    private static readonly BigInteger Prime = BigInteger.Pow(2, 61) - 1;

    [Fact]
    public void Equals_numpy_for_every_published_vector()
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Shared.Find("golden/numpy_permutation.json")));

        foreach (var vector in golden.RootElement.GetProperty("vectors").EnumerateArray())
        {
            var order = NumpyPermutation.Of(vector.GetProperty("seed").GetInt64(), vector.GetProperty("train_len").GetInt32());

            var first = vector.GetProperty("first12").Deserialize<int[]>()!;
            var last = vector.GetProperty("last4").Deserialize<int[]>()!;
            Assert.Equal(first, order[..first.Length]);
            Assert.Equal(last, order[^last.Length..]);
            Assert.Equal(vector.GetProperty("checksum").GetInt64(), order.Select((value, i) => new BigInteger(i) * value).Aggregate(BigInteger.Add) % Prime);
        }
    }

    [Fact]
    public void Equals_numpy_for_ten_numbers_without_any_file() => Assert.Equal([5, 6, 0, 7, 3, 2, 4, 9, 1, 8], NumpyPermutation.Of(42, 10));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Nothing_to_shuffle_is_left_alone(int count) => Assert.Equal(Enumerable.Range(0, count), NumpyPermutation.Of(7, count));

    [Fact]
    public void Seeds_of_more_than_32_bits_differ_from_their_lower_half() =>
        Assert.NotEqual(NumpyPermutation.Of(42, 10), NumpyPermutation.Of(42 + (1L << 32), 10));

    [Fact]
    public void A_negative_seed_is_misuse() => Assert.Throws<ArgumentOutOfRangeException>(() => NumpyPermutation.Of(-1, 10));
}
