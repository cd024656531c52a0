namespace Eckart.Theory.Checks;

/// <summary>One instance of a statement.</summary>
/// <param name="Error">By how much it misses, relative to what is compared; 0 where an inequality holds.</param>
/// <param name="Violated">Whether that is more than rounding.</param>
/// <param name="Instance">The instance in words, where it is violated.</param>
public readonly record struct CheckTrial(double Error, bool Violated, string Instance)
{
    // Far above what float64 loses in these sums and far below any violation that was seen.
    private const double Rounding = 1e-9;

    /// <summary>Two numbers that a statement says are equal.</summary>
    /// <param name="difference">Norm of their difference.</param>
    /// <param name="scale">What it is relative to: a norm of what is compared.</param>
    /// <param name="what">Names the compared.</param>
    public static CheckTrial Equal(double difference, double scale, string what = "difference")
    {
        var error = difference / Math.Max(scale, double.Epsilon);
        return Of(difference == 0 ? 0 : error, FormattableString.Invariant($"{what} {difference:G4} beside {scale:G4}"));
    }

    /// <summary>Two matrices that a statement says are equal.</summary>
    /// <param name="found">One.</param>
    /// <param name="expected">The other.</param>
    public static CheckTrial Equal(RealMatrix found, RealMatrix expected)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(expected);
        return Equal((found - expected).Norm, expected.Norm);
    }

    /// <summary>A number that a statement says is not above another.</summary>
    /// <param name="lower">The one.</param>
    /// <param name="upper">The other.</param>
    /// <param name="what">Names what is compared.</param>
    public static CheckTrial AtMost(double lower, double upper, string what)
    {
        var scale = Math.Max(Math.Abs(upper), double.Epsilon);
        return Of(lower <= upper ? 0 : (lower - upper) / scale, FormattableString.Invariant($"{what}: {upper:G4} and {lower:G4}"));
    }

    /// <summary>The worst of several.</summary>
    /// <param name="trials">At least one.</param>
    public static CheckTrial Worst(params IEnumerable<CheckTrial> trials) => trials.MaxBy(trial => trial.Error);

    // What is no number is as wrong as can be.
    private static CheckTrial Of(double error, string instance) => new(double.IsNaN(error) ? double.PositiveInfinity : error, !(error <= Rounding), instance);
}
