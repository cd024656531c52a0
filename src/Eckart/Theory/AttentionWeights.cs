using Eckart.Formats;

namespace Eckart.Theory;

/// <summary>W_V, W_K and W_Q of one attention head.</summary>
public sealed record AttentionWeights
{
    /// <summary>Checks and holds them.</summary>
    /// <param name="value">W_V, (m, D); (D, D) in the paper's plain layer.</param>
    /// <param name="key">W_K, (n, D).</param>
    /// <param name="query">W_Q, (n, D).</param>
    /// <exception cref="InputException">They read tokens of different sizes, or keys and queries differ in size.</exception>
    public AttentionWeights(RealMatrix value, RealMatrix key, RealMatrix query)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(query);
        if (key.Columns != value.Columns) throw Unfit("W_K", $"{value.Columns} columns as W_V has", key);
        if (query.Columns != value.Columns || query.Rows != key.Rows) throw Unfit("W_Q", $"({key.Rows}, {value.Columns}) as W_K is", query);
        (Value, Key, Query) = (value, key, query);
    }

    /// <summary>W_V.</summary>
    public RealMatrix Value { get; }

    /// <summary>W_K.</summary>
    public RealMatrix Key { get; }

    /// <summary>W_Q.</summary>
    public RealMatrix Query { get; }

    /// <summary>D: numbers of a token.</summary>
    public int Size => Value.Columns;

    /// <summary>The same with some matrices cut to a rank.</summary>
    /// <param name="rank">r, at least one; as many as a matrix has change nothing of it.</param>
    /// <param name="which">Those that are cut.</param>
    /// <exception cref="InputException">A rank that no truncation has.</exception>
    public AttentionWeights Truncated(int rank, params ReadOnlySpan<AttentionMatrix> which)
    {
        if (rank < 1) throw new InputException("rank", $"expected at least 1, found {rank}", "keep at least one singular value");
        return new AttentionWeights(
            which.Contains(AttentionMatrix.Value) ? SingularDecomposition.Of(Value).Truncated(rank) : Value,
            which.Contains(AttentionMatrix.Key) ? SingularDecomposition.Of(Key).Truncated(rank) : Key,
            which.Contains(AttentionMatrix.Query) ? SingularDecomposition.Of(Query).Truncated(rank) : Query);
    }

    private static InputException Unfit(string name, string expected, RealMatrix found) => new(name, $"expected {expected}, found ({found.Rows}, {found.Columns})", "give matrices of one layer");
}
