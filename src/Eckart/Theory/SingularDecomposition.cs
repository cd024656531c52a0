namespace Eckart.Theory;

/// <summary>A small matrix as U·Σ·Vᵀ, singular values descending.</summary>
/// <remarks><b>Source</b>: Hestenes 1958: one-sided Jacobi rotations until all columns are orthogonal. To rounding for matrices of up to a hundred columns, and the same bits on every
/// machine; large matrices of real models are <see cref="Pruning.SpectralFactors"/>' matter.</remarks>
public sealed class SingularDecomposition
{
    private const int MostSweeps = 60;
    private const double Orthogonal = 1e-15;
    private const double Nothing = 1e-33;       // of ‖W‖_F²: a column that short is rounding

    private readonly RealMatrix matrix;
    private readonly double[][] left;       // σ_k·u_k
    private readonly double[][] right;      // v_k

    private SingularDecomposition(RealMatrix matrix, double[][] left, double[][] right)
    {
        double[] norms = [.. left.Select(column => Math.Sqrt(RealMatrix.Dot(column, column)))];
        int[] order = [.. Enumerable.Range(0, norms.Length).OrderByDescending(k => norms[k]).Take(Math.Min(matrix.Rows, matrix.Columns))];
        this.matrix = matrix;
        (Values, this.left, this.right) = ([.. order.Select(k => norms[k])], [.. order.Select(k => left[k])], [.. order.Select(k => right[k])]);
    }

    /// <summary>min(m, n) singular values, descending.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Singular values that cannot be told from 0 are not counted: those below max(m, n)·2⁻⁵²·σ₁, NumPy's tolerance.</summary>
    public int Rank => Values.Count(value => value > Math.Max(matrix.Rows, matrix.Columns) * Math.Pow(2, -52) * Values[0]);

    /// <summary>V: the right singular vectors as columns, (n, min(m, n)), orthonormal.</summary>
    public RealMatrix Basis => RealMatrix.OfColumns(right);

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">(m, n).</param>
    public static SingularDecomposition Of(RealMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var (columns, turns) = (Columns(matrix), Columns(RealMatrix.Identity(matrix.Columns)));
        for (var sweep = 0; sweep < MostSweeps && Sweep(columns, turns, Nothing * matrix.SquaredNorm); sweep++)
        {
        }

        return new SingularDecomposition(matrix, columns, turns);
    }

    /// <summary>W*(r) = U_{:r}·Σ_{:r}·V_{:r}ᵀ, the best approximation of its rank.</summary>
    /// <param name="rank">r; all of them give the matrix itself, untouched.</param>
    public RealMatrix Truncated(int rank) => rank >= Values.Count
        ? matrix
        : Enumerable.Range(0, rank).Aggregate(RealMatrix.Zero(matrix.Rows, matrix.Columns), (sum, k) => sum + RealMatrix.Outer(left[k], right[k]));

    /// <summary>δ = W − W*(r) = U_{r:}·Σ_{r:}·V_{r:}ᵀ.</summary>
    /// <param name="rank">r.</param>
    public RealMatrix Removed(int rank) => matrix - Truncated(rank);

    private static double[][] Columns(RealMatrix matrix) => [.. Enumerable.Range(0, matrix.Columns).Select(matrix.Column)];

    // One rotation a pair; says whether any was needed.
    private static bool Sweep(double[][] columns, double[][] turns, double nothing)
    {
        var turned = false;
        for (var p = 0; p < columns.Length; p++)
            for (var q = p + 1; q < columns.Length; q++)
            {
                double a = RealMatrix.Dot(columns[p], columns[p]), b = RealMatrix.Dot(columns[q], columns[q]), c = RealMatrix.Dot(columns[p], columns[q]);
                if (Math.Abs(c) <= Orthogonal * Math.Sqrt(a * b) || Math.Min(a, b) <= nothing) continue;
                var zeta = (b - a) / (2 * c);
                var tangent = (zeta < 0 ? -1 : 1) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
                var cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
                Rotate(columns[p], columns[q], cosine, cosine * tangent);
                Rotate(turns[p], turns[q], cosine, cosine * tangent);
                turned = true;
            }

        return turned;
    }

    private static void Rotate(double[] p, double[] q, double cosine, double sine)
    {
        for (var i = 0; i < p.Length; i++) (p[i], q[i]) = ((cosine * p[i]) - (sine * q[i]), (sine * p[i]) + (cosine * q[i]));
    }
}
