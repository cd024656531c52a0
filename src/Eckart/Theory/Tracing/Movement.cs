namespace Eckart.Theory.Tracing;

/// <summary>Of several numbers, how many fell and how many rose.</summary>
/// <param name="Fell">Below what they were.</param>
/// <param name="Rose">Above it.</param>
public readonly record struct Movement(int Fell, int Rose)
{
    /// <summary>Those that are not what they were.</summary>
    public int Changed => Fell + Rose;

    /// <summary>Counts.</summary>
    /// <param name="pairs">Before and after.</param>
    public static Movement Of(IEnumerable<(double Before, double After)> pairs)
    {
        var all = pairs.ToArray();
        return new Movement(all.Count(pair => pair.After < pair.Before), all.Count(pair => pair.After > pair.Before));
    }

    /// <summary>As reports have it: <c>fell in 40 of 54</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"fell in {Fell} of {Changed}");
}
