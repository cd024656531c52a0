using System.Globalization;

namespace Eckart.Pruning;

/// <summary>Clipping rate ξ: share of singular values removed, 0 ≤ ξ &lt; 1; the default value prunes nothing.</summary>
/// <remarks>Decimal because 1 − ξ must be exact: in double, (int)(1600 * (1 - 0.9)) is 159, not 160. Source: the paper, Section 3.1.</remarks>
public readonly record struct ClippingRate : IComparable<ClippingRate>
{
    // A decimal has 28 digits: with more of them in ξ its product with the size of a matrix would be rounded.
    private const int MostDecimals = 18;

    /// <summary>Checks and wraps ξ.</summary>
    /// <param name="value">0 ≤ ξ &lt; 1, of at most 18 decimals.</param>
    /// <exception cref="ArgumentOutOfRangeException">ξ is outside [0, 1), or has more decimals.</exception>
    public ClippingRate(decimal value) => Value = IsRate(value) ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"Clipping rate is a share in [0, 1) of at most {MostDecimals} decimals, e.g. 0.995.");

    /// <summary>ξ itself.</summary>
    public decimal Value { get; }

    /// <summary>Whether nothing is removed: then no byte is touched and no SVD runs.</summary>
    public bool IsZero => Value == 0;

    /// <summary>Singular values kept in a <paramref name="rows"/> × <paramref name="columns"/> matrix: ⌊(1 − ξ)·min(m, n)⌋, at least one.</summary>
    /// <param name="rows">m, at least one.</param>
    /// <param name="columns">n, at least one.</param>
    public int KeptRank(long rows, long columns) => Math.Max(1, (int)(Math.Min(rows, columns) * (1m - Value)));

    /// <summary>Reads ξ from text, invariant: digits with a point, no sign, no exponent.</summary>
    /// <param name="text">E.g. <c>0.995</c>.</param>
    /// <param name="rate">What it says, or the default.</param>
    /// <returns>False where it is no number in [0, 1) of at most 18 decimals.</returns>
    public static bool TryParse(string text, out ClippingRate rate)
    {
        var value = 0m;

        // Longer texts would be rounded before they are seen here.
        var valid = text is { Length: <= MostDecimals + 2 } && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && IsRate(value);
        rate = valid ? new ClippingRate(value) : default;
        return valid;
    }

    /// <inheritdoc/>
    public int CompareTo(ClippingRate other) => Value.CompareTo(other.Value);

    /// <summary>Shortest exact form, so that 0.9 and 0.90 are one trial.</summary>
    public override string ToString() => Value.ToString("0.##################", CultureInfo.InvariantCulture);

    private static bool IsRate(decimal value) => value is >= 0m and < 1m && decimal.Round(value, MostDecimals) == value;

    /// <summary>Less.</summary>
    public static bool operator <(ClippingRate left, ClippingRate right) => left.Value < right.Value;

    /// <summary>More.</summary>
    public static bool operator >(ClippingRate left, ClippingRate right) => left.Value > right.Value;

    /// <summary>Less or equal.</summary>
    public static bool operator <=(ClippingRate left, ClippingRate right) => left.Value <= right.Value;

    /// <summary>More or equal.</summary>
    public static bool operator >=(ClippingRate left, ClippingRate right) => left.Value >= right.Value;
}
