using Eckart.Statistics;

namespace Eckart.Theory.Checks;

/// <summary>Assumption 1 and Remark 3: whether what a subset of the demonstrations misses of the mean gradient is Gaussian. Eq. (4) is simulated and tested.</summary>
/// <remarks>A Gaussian vector is Gaussian in every direction; one random direction an instance is tested, with the mean and variance that Assumption 1 states (Anderson and Darling, 1%).</remarks>
internal static class NoiseChecks
{
    private const int Draws = 500;
    private const int Looked = 400;             // instances, for one that settles it
    private const double Allowed = 0.01;        // what the test itself rejects
    private const double BeyondDoubt = 15;      // A² of Gaussian numbers is above this less than once in ten million times

    public static IEnumerable<TheoryCheck> All =>
    [
        Check("remark-3-one", "Assumption 1, the noise of b demonstrations of N is Gaussian, at N = 8, b = 1", 8, 1, holds: false),
        Check("remark-3-few", "Assumption 1 at N = 10, b = 5", 10, 5, holds: false),
        Check("remark-3-some", "Assumption 1 at N = 32, b = 8", 32, 8, holds: false),
        Check("remark-3-many", "Assumption 1 at N = 1000, b = 500", 1000, 500, holds: true),
        new("remark-3-control", "the test itself: Gaussian noise of that variance passes", random => Test([.. Enumerable.Range(0, Draws).Select(_ => random.Normal())]))
        {
            OneIn = 4,
            Allowed = Allowed,
            Note = "rejects one in a hundred",
        },
    ];

    private static TheoryCheck Check(string name, string claim, int demonstrations, int given, bool holds) => new(name, claim, random => Simulated(random, demonstrations, given))
    {
        Expected = holds,
        Counterexample = holds ? null : () => BeyondChance(demonstrations, given),
        OneIn = 4,
        Allowed = Allowed,
        Note = $"largest error is A²; {AndersonDarling.OnePercent.ToString(System.Globalization.CultureInfo.InvariantCulture)} is exceeded by chance in 1%",
    };

    private static CheckTrial Simulated(SplitMix64 random, int demonstrations, int given)
    {
        var some = new RandomInstance(random);
        var step = Trajectory.Of(some.Layers(1), RealMatrix.Normal(random, some.Size, demonstrations, 1 / Math.Sqrt(demonstrations))).Steps[0];
        var (factors, direction) = (GradientFactors.Of(step), RealMatrix.Normal(random, some.Size, some.Size));
        var along = RealMatrix.Hadamard(factors.Left, direction * factors.Right);                 // column sums are ⟨gᵢ, direction⟩
        double[] projections = [.. Enumerable.Range(0, demonstrations).Select(i => along.Column(i).Sum())];
        var mean = projections.Average();
        var deviation = Math.Sqrt(SubsetCovariance.Factor(demonstrations, given) * projections.Average(one => (one - mean) * (one - mean)));
        var noise = new double[Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            random.Shuffle<double>(projections);
            noise[draw] = (projections.Take(given).Average() - mean) / deviation;
        }

        return Test(noise);
    }

    // One rejection proves nothing, as one in a hundred comes by chance; this one does.
    private static CheckTrial BeyondChance(int demonstrations, int given)
    {
        var worst = CheckTrial.Worst(Enumerable.Range(0, Looked).Select(stream => Simulated(new SplitMix64((ulong)stream), demonstrations, given)));
        return worst with { Violated = worst.Error > BeyondDoubt, Instance = $"{worst.Instance} in the worst of {Looked} instances" };
    }

    private static CheckTrial Test(double[] noise)
    {
        var statistic = AndersonDarling.Statistic(noise);
        return new CheckTrial(statistic, statistic > AndersonDarling.OnePercent, FormattableString.Invariant($"A² = {statistic:0.0}"));
    }
}
