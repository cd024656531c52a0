namespace Eckart.Statistics;

/// <summary>Solves small symmetric positive definite systems.</summary>
internal static class Cholesky
{
    /// <summary>x with A·x = b.</summary>
    /// <param name="matrix">A; only its lower triangle is read.</param>
    /// <param name="right">b.</param>
    /// <exception cref="InvalidOperationException">A is not positive definite.</exception>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        var n = right.Length;
        var factor = Factor(matrix, n);
        var x = new double[n];
        for (var i = 0; i < n; i++)
        {
            x[i] = right[i];
            for (var k = 0; k < i; k++) x[i] -= factor[i, k] * x[k];
            x[i] /= factor[i, i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++) x[i] -= factor[k, i] * x[k];
            x[i] /= factor[i, i];
        }

        return x;
    }

    private static double[,] Factor(double[,] matrix, int n)
    {
        var factor = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i, j];
                for (var k = 0; k < j; k++) sum -= factor[i, k] * factor[j, k];
                if (i == j && !(sum > 0)) throw new InvalidOperationException("The matrix is not positive definite.");
                factor[i, j] = i == j ? Math.Sqrt(sum) : sum / factor[j, j];
            }
        }

        return factor;
    }
}
