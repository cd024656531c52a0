using System.Globalization;

namespace Eckart.Experiments.Plans;

/// <summary>How many trials something comes to: a number, or a range where that depends on what they find.</summary>
/// <param name="Least">At least.</param>
/// <param name="Most">At most.</param>
public readonly record struct TrialRange(long Least, long Most)
{
    /// <summary>Both together.</summary>
    public static TrialRange operator +(TrialRange a, TrialRange b) => new(a.Least + b.Least, a.Most + b.Most);

    /// <summary>Both together.</summary>
    public TrialRange Add(TrialRange other) => this + other;

    /// <summary><c>9</c>, or <c>8 to 10</c>.</summary>
    public override string ToString() => Least == Most ? Least.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Least} to {Most}");
}
