namespace Eckart.Theory.Tracing;

/// <summary>How one vector stands to another. What has no value, as beside a vector of zeros, is NaN.</summary>
/// <param name="Share">The part of the other that it makes up along it: a·b / b·b.</param>
/// <param name="Error">‖a − b‖ / ‖b‖.</param>
/// <param name="Cosine">a·b / ‖a‖‖b‖.</param>
internal readonly record struct Alignment(double Share, double Error, double Cosine)
{
    /// <summary>Compares two vectors.</summary>
    /// <param name="a">Of n numbers.</param>
    /// <param name="b">Of n numbers: what it is held to.</param>
    public static Alignment Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (product, own, other, apart) = (0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            product += a[i] * b[i];
            own += a[i] * a[i];
            other += b[i] * b[i];
            apart += (a[i] - b[i]) * (a[i] - b[i]);
        }

        return new Alignment(product / other, other > 0 ? Math.Sqrt(apart / other) : double.NaN, product / Math.Sqrt(own * other));
    }
}
