namespace Eckart.Statistics;

/// <summary>A function around one point.</summary>
/// <param name="dimensions">Number of parameters.</param>
internal sealed class Expansion(int dimensions)
{
    /// <summary>The function's value.</summary>
    public double Value { get; set; }

    /// <summary>Its first derivatives.</summary>
    public double[] Gradient { get; } = new double[dimensions];

    /// <summary>Its second derivatives; only the lower triangle is used.</summary>
    public double[,] Hessian { get; } = new double[dimensions, dimensions];
}

/// <summary>Newton's method with a backtracking line search, for a strictly convex function of a few parameters.</summary>
internal static class NewtonMinimizer
{
    private const int MostSteps = 200;
    private const int MostHalvings = 60;

    /// <summary>The parameters at the minimum, to rounding.</summary>
    /// <exception cref="InvalidOperationException">No minimum after 200 steps: the function is not what it should be.</exception>
    public static double[] Minimize(Func<double[], Expansion> function, double[] start)
    {
        var (point, at) = (start, function(start));
        for (var step = 0; step < MostSteps; step++)
        {
            var direction = Cholesky.Solve(at.Hessian, at.Gradient);
            var decrement = at.Gradient.Zip(direction, (g, d) => g * d).Sum();   // twice what a full step promises to gain
            (point, at) = Descend(function, (point, at), direction, decrement);
            if (decrement <= 1e-18 * (1 + Math.Abs(at.Value))) return point;
        }

        throw new InvalidOperationException("Newton's method did not converge on a function that should be strictly convex.");
    }

    private static (double[] Point, Expansion At) Descend(
        Func<double[], Expansion> function, (double[] Point, Expansion At) from, double[] direction, double decrement)
    {
        var rounding = 1e-13 * (1 + Math.Abs(from.At.Value));
        var size = 1.0;
        for (var halving = 0; halving < MostHalvings; halving++, size /= 2)
        {
            double[] point = [.. from.Point.Zip(direction, (p, d) => p - size * d)];
            var at = function(point);
            if (at.Value <= from.At.Value - 1e-4 * size * decrement + rounding) return (point, at);
        }

        return from;
    }
}
