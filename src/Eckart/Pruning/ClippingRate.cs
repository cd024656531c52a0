using System.Globalization;

namespace Eckart.Pruning;

/// <summary>Clipping rate ξ: share of singular values removed, 0 ≤ ξ &lt; 1; the default value prunes nothing.</summary>
/// <remarks>Decimal because 1 − ξ must be exact: in double, (int)(1600 * (1 - 0.99)) is 16 or 15 by the order of operations. Source: the paper, Section 3.1.</remarks>
public readonly record struct ClippingRate : IComparable<ClippingRate>
{
    /// <summary>Checks and wraps ξ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">ξ is outside [0, 1).</exception>
    public ClippingRate(decimal value) => Value = IsInRange(value) ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "Clipping rate is a share in [0, 1), e.g. 0.995.");

    /// <summary>ξ itself.</summary>
    public decimal Value { get; }

    /// <summary>Whether nothing is removed: then no byte is touched and no SVD runs.</summary>
    public bool IsZero => Value == 0;

    /// <summary>Singular values kept in a <paramref name="rows"/> × <paramref name="columns"/> matrix: ⌊(1 − ξ)·min(m, n)⌋, at least one.</summary>
    public int KeptRank(long rows, long columns) => Math.Max(1, (int)(Math.Min(rows, columns) * (1m - Value)));

    /// <summary>Reads ξ from text, invariant; false where it is no number in [0, 1).</summary>
    public static bool TryParse(string text, out ClippingRate rate)
    {
        var valid = decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && IsInRange(value);
        rate = valid ? new ClippingRate(value) : default;
        return valid;
    }

    /// <inheritdoc/>
    public int CompareTo(ClippingRate other) => Value.CompareTo(other.Value);

    /// <summary>Shortest exact form, so that 0.9 and 0.90 are one trial.</summary>
    public override string ToString() => Value.ToString("0.############################", CultureInfo.InvariantCulture);

    private static bool IsInRange(decimal value) => value is >= 0m and < 1m;

    /// <summary>Less.</summary>
    public static bool operator <(ClippingRate left, ClippingRate right) => left.Value < right.Value;

    /// <summary>More.</summary>
    public static bool operator >(ClippingRate left, ClippingRate right) => left.Value > right.Value;

    /// <summary>Less or equal.</summary>
    public static bool operator <=(ClippingRate left, ClippingRate right) => left.Value <= right.Value;

    /// <summary>More or equal.</summary>
    public static bool operator >=(ClippingRate left, ClippingRate right) => left.Value >= right.Value;
}
