using Eckart.Formats;

namespace Eckart.Theory;

/// <summary>Linear attention of several heads with an output projection: the matrices as checkpoints store them, heads stacked.</summary>
/// <remarks>ΔW = Σ_h W_O^h·W_V^h·S·(W_K^h)ᵀ·W_Q^h. A truncation cuts a stacked matrix whole, as the published code does.</remarks>
public sealed record MultiHeadWeights
{
    /// <summary>Checks and holds them.</summary>
    /// <param name="heads">All heads' W_V, W_K and W_Q, stacked: rows are those of head 0, then of head 1 …</param>
    /// <param name="output">W_O, (D, rows of W_V).</param>
    /// <param name="count">Heads.</param>
    /// <exception cref="InputException">Shapes that do not fit.</exception>
    public MultiHeadWeights(AttentionWeights heads, RealMatrix output, int count)
    {
        ArgumentNullException.ThrowIfNull(heads);
        ArgumentNullException.ThrowIfNull(output);
        if (count < 1 || heads.Value.Rows % count != 0 || heads.Key.Rows % count != 0)
            throw new InputException("heads", $"expected a number that divides {heads.Value.Rows} and {heads.Key.Rows} rows, found {count}", "give the layer's number of heads");
        if (output.Columns != heads.Value.Rows) throw new InputException("W_O", $"expected {heads.Value.Rows} columns as W_V has rows, found {output.Columns}", "give matrices of one layer");
        (Heads, Output, Count) = (heads, output, count);
    }

    /// <summary>All heads, stacked.</summary>
    public AttentionWeights Heads { get; }

    /// <summary>W_O.</summary>
    public RealMatrix Output { get; }

    /// <summary>Heads.</summary>
    public int Count { get; }

    /// <summary>ΔW of all heads.</summary>
    /// <param name="demonstrations">H_s, (D, N).</param>
    /// <returns>(D, D).</returns>
    public RealMatrix Update(RealMatrix demonstrations)
    {
        var (values, keys) = (Heads.Value.Rows / Count, Heads.Key.Rows / Count);
        return Enumerable.Range(0, Count)
            .Select(head => Columns(Output, head * values, values) * ImplicitGradient.Of(
                new AttentionWeights(Rows(Heads.Value, head * values, values), Rows(Heads.Key, head * keys, keys), Rows(Heads.Query, head * keys, keys)), demonstrations))
            .Aggregate((left, right) => left + right);
    }

    private static RealMatrix Columns(RealMatrix matrix, int first, int count) => matrix.Select([.. Enumerable.Range(first, count)]);

    private static RealMatrix Rows(RealMatrix matrix, int first, int count) => RealMatrix.Of(count, matrix.Columns, (i, j) => matrix[first + i, j]);
}
