using System.Security.Cryptography;
using Eckart.Pruning;
using Eckart.Tests.Support;
using TorchSharp;

namespace Eckart.Tests.Pruning;

public sealed class FactorCacheTests : IDisposable
{
    private const int Checksum = 32;
    private const int FileBytes = 80 + (8 * 16 * sizeof(float)) + Checksum;      // of an 8 × 8 matrix

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private FactorCache Cache => new(Path.Combine(folder.Path, "factors"), 1 << 30);

    private string[] Files => Directory.Exists(Path.Combine(folder.Path, "factors")) ? Directory.GetFileSystemEntries(Path.Combine(folder.Path, "factors")) : [];

    [Theory]
    [InlineData(6, 9)]
    [InlineData(9, 6)]
    [InlineData(300, 1000)]
    public void A_hit_gives_the_same_bits_as_a_miss_and_as_no_cache(int m, int n)
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(m, n, seed: 7);
        var expected = Bits(SpectralFactors.Of(weight));

        var miss = Bits(Cache.Of(weight));
        var written = File.ReadAllBytes(Assert.Single(Files));
        var hit = Bits(Cache.Of(weight));

        Assert.Equal(expected, miss);
        Assert.Equal(expected, hit);
        Assert.Equal(written, File.ReadAllBytes(Assert.Single(Files)));
    }

    // Only what stands in the file can tell a hit from a second computation.
    [Fact]
    public void A_whole_file_is_read_and_nothing_is_computed()
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(8, 8, seed: 7);
        Cache.Of(weight).Dispose();
        var path = Assert.Single(Files);
        var bytes = File.ReadAllBytes(path);
        Assert.Equal(FileBytes, bytes.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(80), 42f);
        BitConverter.TryWriteBytes(bytes.AsSpan(80 + (64 * sizeof(float))), 43f);
        SHA256.HashData(bytes.AsSpan(..^Checksum), bytes.AsSpan(^Checksum..));
        File.WriteAllBytes(path, bytes);

        using var factors = Cache.Of(weight);

        Assert.Equal((42f, 43f), (factors.Left[0, 0].item<float>(), factors.Right[0, 0].item<float>()));
    }

    [Fact]
    public void A_flipped_byte_anywhere_is_noticed_and_the_file_replaced()
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(4, 2, seed: 7);
        var expected = Bits(Cache.Of(weight));
        var path = Assert.Single(Files);
        var whole = File.ReadAllBytes(path);

        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x10;
            File.WriteAllBytes(path, damaged);

            Assert.Equal(expected, Bits(Cache.Of(weight)));
            Assert.Equal(whole, File.ReadAllBytes(path));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(79)]
    [InlineData(80)]
    [InlineData(300)]
    [InlineData(FileBytes - Checksum)]
    [InlineData(FileBytes - 1)]
    [InlineData(FileBytes + 1)]
    public void A_file_of_another_length_is_replaced(int length)
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(8, 8, seed: 7);
        var expected = Bits(Cache.Of(weight));
        var path = Assert.Single(Files);
        var whole = File.ReadAllBytes(path);
        using (var file = File.OpenWrite(path)) file.SetLength(length);

        var factors = Bits(Cache.Of(weight));

        Assert.Equal(expected, factors);
        Assert.Equal(whole, File.ReadAllBytes(path));
    }

    [Fact]
    public void Another_matrixs_file_under_this_ones_name_is_replaced()
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(8, 8, seed: 7);
        var expected = Bits(Cache.Of(weight));
        var path = Assert.Single(Files);
        var whole = File.ReadAllBytes(path);
        Cache.Of(SomeMatrix.Normal(8, 8, seed: 8)).Dispose();
        File.Copy(Assert.Single(Files, file => file != path), path, overwrite: true);

        var factors = Bits(Cache.Of(weight));

        Assert.Equal(expected, factors);
        Assert.Equal(whole, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_folder_in_a_files_place_is_left_there_and_nothing_is_left_beside_it()
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(8, 8, seed: 7);
        var expected = Bits(Cache.Of(weight));
        var path = Assert.Single(Files);
        File.Delete(path);
        Directory.CreateDirectory(Path.Combine(path, "not empty"));

        var factors = Bits(Cache.Of(weight));

        Assert.Equal(expected, factors);
        Assert.Equal([path], Files);
    }

    [Fact]
    public void Without_a_folder_factors_are_computed_all_the_same()
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(8, 8, seed: 7);
        var expected = Bits(SpectralFactors.Of(weight));
        var taken = folder.File("taken", "a file");

        Assert.Equal(expected, Bits(new FactorCache(taken, 1 << 30).Of(weight)));
        Assert.Equal(expected, Bits(new FactorCache(Path.Combine(taken, "deeper"), 1 << 30).Of(weight)));
        Assert.Equal(expected, Bits(new FactorCache("", 1 << 30).Of(weight)));

        Assert.Equal("a file", File.ReadAllText(taken));
        Assert.Equal([taken], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Beyond_the_limit_the_longest_unused_go_and_nothing_else()
    {
        using var scope = torch.NewDisposeScope();
        var cache = new FactorCache(Path.Combine(folder.Path, "factors"), (3 * FileBytes) + 100);
        folder.File("factors/notes.txt", new string('x', 2000));
        var paths = Enumerable.Range(0, 3).Select(i => Written(cache, i, hoursAgo: 5 - i)).ToArray();
        cache.Of(Numbered(0)).Dispose();                                     // the oldest, used again

        var last = Written(cache, 3, hoursAgo: 0);

        Assert.Equal(new[] { "notes.txt", Path.GetFileName(paths[0]), Path.GetFileName(paths[2]), Path.GetFileName(last) }.Order(), Files.Select(Path.GetFileName).Order());
    }

    [Fact]
    public void What_a_killed_writer_left_goes_like_a_file()
    {
        using var scope = torch.NewDisposeScope();
        var cache = new FactorCache(Path.Combine(folder.Path, "factors"), 2 * FileBytes);
        var first = Written(cache, 0, hoursAgo: 1);
        var torn = folder.File($"factors/{Path.GetFileName(first)}.abc.tmp", new string('x', 100));
        File.SetLastWriteTimeUtc(torn, DateTime.UtcNow.AddHours(-2));

        var second = Written(cache, 1, hoursAgo: 0);

        Assert.Equal(new[] { first, second }.Order(), Files.Order());
    }

    [Fact]
    public void The_file_just_written_stays_whatever_the_limit()
    {
        using var scope = torch.NewDisposeScope();
        var cache = new FactorCache(Path.Combine(folder.Path, "factors"), 0);
        Written(cache, 0, hoursAgo: -1);                                     // of a clock that ran ahead

        var second = Written(cache, 1, hoursAgo: 0);

        Assert.Equal([second], Files);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FactorCache(folder.Path, -1));
    }

    [Fact]
    public void Many_threads_and_two_caches_over_one_folder_agree()
    {
        using var scope = torch.NewDisposeScope();
        var expected = Enumerable.Range(0, 4).Select(i => Bits(SpectralFactors.Of(Numbered(i)))).ToArray();
        FactorCache[] caches = [Cache, Cache];
        var found = new int[64][];

        Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            using var own = torch.NewDisposeScope();
            found[i] = Bits(caches[i / 4 % 2].Of(Numbered(i % 4)));
        });

        Assert.All(found.Index(), one => Assert.Equal(expected[one.Index % 4], one.Item));
        Assert.Equal(4, Files.Length);
        Assert.All(Files, file => Assert.Equal((FileBytes, ".factors"), (new FileInfo(file).Length, Path.GetExtension(file))));
    }

    [Fact]
    public void Threads_that_delete_each_others_files_agree_too()
    {
        using var scope = torch.NewDisposeScope();
        var expected = Enumerable.Range(0, 4).Select(i => Bits(SpectralFactors.Of(Numbered(i)))).ToArray();
        var cache = new FactorCache(Path.Combine(folder.Path, "factors"), FileBytes);
        var found = new int[64][];

        Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            using var own = torch.NewDisposeScope();
            found[i] = Bits(cache.Of(Numbered(i % 4)));
        });

        Assert.All(found.Index(), one => Assert.Equal(expected[one.Index % 4], one.Item));
    }

    [Fact]
    public void A_matrix_is_known_by_its_numbers_and_shape_whatever_its_type_and_strides()
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(6, 4, seed: 7).to(torch.bfloat16);

        Cache.Of(weight).Dispose();
        Cache.Of(weight.to(torch.float32)).Dispose();
        Cache.Of(weight.t().contiguous().t()).Dispose();
        Assert.Single(Files);
        Cache.Of(weight.reshape(4, 6)).Dispose();
        Assert.Equal(2, Files.Length);
        Cache.Of(weight.neg()).Dispose();
        Assert.Equal(3, Files.Length);
    }

    [Fact]
    public void Factors_outlive_the_scope_and_nothing_else_does()
    {
        using var scope = torch.NewDisposeScope();
        var weight = SomeMatrix.Normal(6, 4, seed: 7);
        var before = scope.DisposablesCount;

        using var miss = Cache.Of(weight);
        using var hit = Cache.Of(weight);
        using var none = new FactorCache("", 0).Of(weight);

        Assert.Equal(before, scope.DisposablesCount);
        Assert.All([miss, hit, none], factors => Assert.Equal((6, 4), (factors.Left.shape[0], factors.Right.shape[1])));
    }

    [Fact]
    public void Only_matrices_have_factors()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Throws<ArgumentException>(() => Cache.Of(torch.ones(4)));
        Assert.Empty(Files);
    }

    private static torch.Tensor Numbered(int number) => SomeMatrix.Normal(8, 8, seed: (ulong)number);

    private string Written(FactorCache cache, int number, int hoursAgo)
    {
        var before = Files;
        cache.Of(Numbered(number)).Dispose();
        var path = Assert.Single(Files.Except(before));
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-hoursAgo));
        return path;
    }

    private static int[] Bits(SpectralFactors factors)
    {
        using var owned = factors;
        return [.. SomeMatrix.Bits(owned.Left), .. SomeMatrix.Bits(owned.Right)];
    }
}
