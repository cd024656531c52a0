using Eckart.Formats;
using Eckart.Statistics;

namespace Eckart.Theory.Checks;

/// <summary>Runs statements over seeded random instances.</summary>
/// <param name="trials">Instances a statement.</param>
/// <param name="seed">Equal seeds give equal results, on any number of cores.</param>
public sealed class Verification(int trials, long seed)
{
    /// <summary>Instances a statement unless told otherwise.</summary>
    public const int DefaultTrials = 2000;

    /// <summary>Seed unless told otherwise.</summary>
    public const long DefaultSeed = 1;

    /// <summary>Runs one statement.</summary>
    /// <param name="check">The statement.</param>
    /// <param name="cancellation">Stops between instances.</param>
    /// <exception cref="InputException">No trials.</exception>
    public CheckResult Run(TheoryCheck check, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(check);
        if (trials < 1) throw new InputException("trials", $"expected at least 1, found {trials}", "give more");
        var made = new CheckTrial[Math.Max(1, trials / check.OneIn)];
        Parallel.For(0, made.Length, new ParallelOptions { CancellationToken = cancellation }, trial => made[trial] = check.Trial(Stream(check.Name, trial)));
        return Judge(check, made);
    }

    // A trial's stream is decided by seed, statement and number alone: any of them can be made again by itself.
    private SplitMix64 Stream(string name, int trial)
    {
        var state = (ulong)seed;
        foreach (var letter in name) state = new SplitMix64(state ^ letter).Next();
        return new SplitMix64(new SplitMix64(state ^ (ulong)trial).Next());
    }

    private CheckResult Judge(TheoryCheck check, CheckTrial[] made)
    {
        var violations = made.Count(trial => trial.Violated);
        var within = violations <= Limit(check.Allowed * made.Length);
        var worst = Enumerable.Range(0, made.Length).MaxBy(trial => made[trial].Error);
        var counterexample = check.Counterexample?.Invoke() is { Violated: true } byHand ? byHand.Instance
            : !within ? $"trial {worst}: {made[worst].Instance}"
            : check.Expected || check.Allowed > 0 ? null : Further(check, made.Length);
        return new CheckResult(check.Name, check.Claim, made.Length, violations, made[worst].Error, counterexample is null, check.Expected, check.Note, counterexample);
    }

    // Where violations come by chance, as many as a thousand runs would see once.
    private static double Limit(double expected) => expected > 0 ? expected + (3 * Math.Sqrt(expected)) + 1 : 0;

    // Few trials may all miss what is known to fail: the next ones are looked at too, so that no verdict depends on how many were asked for.
    private string? Further(TheoryCheck check, int made)
    {
        for (var trial = made; trial < made + DefaultTrials; trial++)
            if (check.Trial(Stream(check.Name, trial)) is { Violated: true } found) return $"trial {trial}, beyond those asked for: {found.Instance}";
        return null;
    }
}
