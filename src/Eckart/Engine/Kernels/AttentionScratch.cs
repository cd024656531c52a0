namespace Eckart.Engine.Kernels;

/// <summary>How a tile of attention divides its scratch memory. Nothing in it outlives the tile, and nothing is expected of what it holds before.</summary>
internal readonly unsafe struct AttentionScratch
{
    // 48 rows of queries use each piece of the keys for eight tiles of a product, and few of their scores lie beyond the causal edge.
    private const int TargetRows = 48;

    /// <summary>Divides <paramref name="start"/>, which must be aligned to 64 bytes and hold <see cref="Floats"/>.</summary>
    public AttentionScratch(in AttentionShape shape, int prefixCount, int ownCount, float* start)
    {
        Tokens = Math.Max(1, TargetRows / shape.Group);
        var rows = (Tokens * shape.Group) + SmallProduct.RowTile - 1;
        rows -= rows % SmallProduct.RowTile;
        ScoreStride = Lanes.Stride(Lanes.Padded(prefixCount) + Lanes.Padded(ownCount));
        Queries = start;
        Outputs = Queries + (rows * shape.PaddedHead);
        Sums = Outputs + (rows * shape.PaddedHead);
        Scores = Sums + Lanes.Padded(rows);
        Floats = checked((int)(Scores - start) + (rows * ScoreStride));
    }

    /// <summary>Tokens that a tile takes at once.</summary>
    public int Tokens { get; }

    /// <summary>(rows, D rounded up to whole vectors): a row for each token and query head.</summary>
    public float* Queries { get; }

    /// <summary>As <see cref="Queries"/>: weighted values.</summary>
    public float* Outputs { get; }

    /// <summary>(rows): what the weights of a row add up to.</summary>
    public float* Sums { get; }

    /// <summary>(rows, <see cref="ScoreStride"/>): over the prefix, then over the own sequence, each rounded up to whole vectors.</summary>
    public float* Scores { get; }

    /// <summary>Row stride of <see cref="Scores"/>.</summary>
    public int ScoreStride { get; }

    /// <summary>The memory needed.</summary>
    public int Floats { get; }
}
