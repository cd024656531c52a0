using System.Numerics;
using System.Runtime.InteropServices;
using Eckart.Formats;
using Eckart.Statistics;

namespace Eckart.Theory;

/// <summary>A matrix of float64 that never changes. Shapes are written (rows, columns).</summary>
/// <remarks>Managed, not a tensor: the statements of the paper are about matrices of a few numbers, thousands of times, and every sum here is taken in one order on every machine.</remarks>
public sealed class RealMatrix
{
    private readonly double[] values;       // row by row

    private RealMatrix(int rows, int columns, double[] values) => (Rows, Columns, this.values) = (rows, columns, values);

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>All numbers, row by row.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>One number.</summary>
    public double this[int row, int column] => values[(row * Columns) + column];

    /// <summary>A matrix of given numbers.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="columns">At least one.</param>
    /// <param name="values">Row by row; copied.</param>
    /// <exception cref="InputException">Other than rows × columns numbers, or one that is not finite.</exception>
    public static RealMatrix Of(int rows, int columns, ReadOnlySpan<double> values)
    {
        if (rows < 1 || columns < 1 || values.Length != (long)rows * columns)
            throw new InputException("matrix", $"expected {rows} × {columns} numbers, at least one, found {values.Length}", "give all of its numbers, row by row");
        for (var i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i])) throw new InputException($"matrix, row {i / columns}, column {i % columns}", $"expected a finite number, found {FormattableString.Invariant($"{values[i]}")}", "look at the state that it was captured from");
        return new RealMatrix(rows, columns, values.ToArray());
    }

    /// <summary>A matrix whose numbers are a function of their place.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="columns">At least one.</param>
    /// <param name="at">Gives the number at (row, column), row by row.</param>
    public static RealMatrix Of(int rows, int columns, Func<int, int, double> at)
    {
        ArgumentNullException.ThrowIfNull(at);
        var values = new double[rows * columns];
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++) values[(i * columns) + j] = at(i, j);
        return Of(rows, columns, values);
    }

    /// <summary>A matrix of rows.</summary>
    /// <param name="rows">Equally long.</param>
    public static RealMatrix OfRows(params double[][] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Of(rows.Length, rows[0].Length, [.. rows.SelectMany(row => row)]);
    }

    /// <summary>A matrix of columns, such as tokens.</summary>
    /// <param name="columns">Equally long.</param>
    public static RealMatrix OfColumns(IEnumerable<double[]> columns) => OfRows([.. columns]).Transposed;

    /// <summary>The identity of a size.</summary>
    public static RealMatrix Identity(int size) => Of(size, size, (i, j) => i == j ? 1 : 0);

    /// <summary>Zeros.</summary>
    public static RealMatrix Zero(int rows, int columns) => new(rows, columns, new double[rows * columns]);

    /// <summary>Numbers of the standard normal distribution, times a scale.</summary>
    /// <param name="random">The stream they are drawn from, row by row.</param>
    /// <param name="rows">At least one.</param>
    /// <param name="columns">At least one.</param>
    /// <param name="scale">Their standard deviation.</param>
    public static RealMatrix Normal(SplitMix64 random, int rows, int columns, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Of(rows, columns, (_, _) => scale * random.Normal());
    }

    /// <summary>a ⊗ b := a·bᵀ.</summary>
    public static RealMatrix Outer(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var values = new double[a.Length * b.Length];
        for (var i = 0; i < a.Length; i++) AddScaled(b, a[i], values.AsSpan(i * b.Length, b.Length));
        return new RealMatrix(a.Length, b.Length, values);
    }

    /// <summary>Rows and columns exchanged.</summary>
    public RealMatrix Transposed
    {
        get
        {
            var turned = new double[values.Length];
            for (var i = 0; i < Rows; i++)
                for (var j = 0; j < Columns; j++) turned[(j * Rows) + i] = values[(i * Columns) + j];
            return new RealMatrix(Columns, Rows, turned);
        }
    }

    /// <summary>‖·‖_F².</summary>
    public double SquaredNorm => Dot(values, values);

    /// <summary>‖·‖_F.</summary>
    public double Norm => Math.Sqrt(SquaredNorm);

    /// <summary>Sum of the diagonal.</summary>
    public double Trace => Enumerable.Range(0, Math.Min(Rows, Columns)).Sum(i => this[i, i]);

    /// <summary>One row.</summary>
    public ReadOnlySpan<double> Row(int row) => values.AsSpan(row * Columns, Columns);

    /// <summary>One column, copied.</summary>
    public double[] Column(int column) => [.. Enumerable.Range(0, Rows).Select(row => this[row, column])];

    /// <summary>Some of its columns, in the order given; one may come twice.</summary>
    public RealMatrix Select(IReadOnlyList<int> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return Of(Rows, columns.Count, (i, j) => this[i, columns[j]]);
    }

    /// <summary>Its first columns.</summary>
    public RealMatrix First(int columns) => Of(Rows, columns, (i, j) => this[i, j]);

    /// <summary>Its columns and then those of another.</summary>
    public RealMatrix Beside(RealMatrix other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Fit("columns side by side", Rows, other.Rows, "rows");
        return Of(Rows, Columns + other.Columns, (i, j) => j < Columns ? this[i, j] : other[i, j - Columns]);
    }

    /// <summary>Each number changed alone.</summary>
    public RealMatrix Map(Func<double, double> change) => new(Rows, Columns, Array.ConvertAll(values, value => change(value)));

    /// <summary>Product with a vector.</summary>
    /// <exception cref="InputException">Shapes that do not fit.</exception>
    public double[] Times(ReadOnlySpan<double> vector)
    {
        Fit("product with a vector", Columns, vector.Length, "numbers");
        var product = new double[Rows];
        for (var i = 0; i < Rows; i++) product[i] = Dot(Row(i), vector);
        return product;
    }

    /// <summary>Elementwise product.</summary>
    public static RealMatrix Hadamard(RealMatrix left, RealMatrix right)
    {
        SameShape(left, right);
        return new RealMatrix(left.Rows, left.Columns, [.. left.values.Zip(right.values, (a, b) => a * b)]);
    }

    /// <summary>Sum.</summary>
    public static RealMatrix operator +(RealMatrix left, RealMatrix right) => Add(left, right);

    /// <summary>Difference.</summary>
    public static RealMatrix operator -(RealMatrix left, RealMatrix right) => Subtract(left, right);

    /// <summary>Product.</summary>
    public static RealMatrix operator *(RealMatrix left, RealMatrix right) => Multiply(left, right);

    /// <summary>Multiple.</summary>
    public static RealMatrix operator *(double scale, RealMatrix matrix) => Multiply(scale, matrix);

    /// <summary>Sum.</summary>
    public static RealMatrix Add(RealMatrix left, RealMatrix right) => Combine(left, right, 1);

    /// <summary>Difference.</summary>
    public static RealMatrix Subtract(RealMatrix left, RealMatrix right) => Combine(left, right, -1);

    /// <summary>Multiple.</summary>
    public static RealMatrix Multiply(double scale, RealMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.Map(value => scale * value);
    }

    /// <summary>Product.</summary>
    /// <exception cref="InputException">Shapes that do not fit.</exception>
    public static RealMatrix Multiply(RealMatrix left, RealMatrix right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        Fit("matrix product", left.Columns, right.Rows, "rows on the right");
        var product = new double[left.Rows * right.Columns];
        for (var i = 0; i < left.Rows; i++)
            for (var k = 0; k < left.Columns; k++) AddScaled(right.Row(k), left.values[(i * left.Columns) + k], product.AsSpan(i * right.Columns, right.Columns));
        return new RealMatrix(left.Rows, right.Columns, product);
    }

    /// <summary>a·b.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    // Element by element, so that the width of a machine's vectors changes no bit.
    private static void AddScaled(ReadOnlySpan<double> source, double scale, Span<double> target)
    {
        var wide = MemoryMarshal.Cast<double, Vector<double>>(source);
        var sums = MemoryMarshal.Cast<double, Vector<double>>(target);
        for (var i = 0; i < wide.Length; i++) sums[i] += scale * wide[i];
        for (var i = wide.Length * Vector<double>.Count; i < source.Length; i++) target[i] += scale * source[i];
    }

    private static RealMatrix Combine(RealMatrix left, RealMatrix right, double scale)
    {
        SameShape(left, right);
        var sum = left.values.AsSpan().ToArray();
        AddScaled(right.values, scale, sum);
        return new RealMatrix(left.Rows, left.Columns, sum);
    }

    private static void SameShape(RealMatrix left, RealMatrix right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        Fit("matrices of one shape", left.Rows, right.Rows, "rows");
        Fit("matrices of one shape", left.Columns, right.Columns, "columns");
    }

    private static void Fit(string what, int expected, int found, string unit)
    {
        if (expected != found) throw new InputException(what, $"expected {expected} {unit}, found {found}", "give shapes that fit");
    }
}
