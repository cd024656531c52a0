namespace Eckart.Engine.Kernels;

/// <summary>The keys and values of one key-value head over consecutive positions, as <see cref="AttentionTile"/> wants them. Written by <see cref="KeyWriter"/>.</summary>
/// <param name="keys">(D, keyStride), a column a position, rotated; columns from <paramref name="count"/> to the next multiple of <see cref="Lanes.Width"/> are zero.</param>
/// <param name="keyStride">Floats from one dimension to the next, at least <paramref name="count"/> rounded up to whole vectors; best <see cref="Lanes.Stride"/> of it.</param>
/// <param name="values">(count, D rounded up to whole vectors), zero beyond D.</param>
/// <param name="count">Positions. 0 for none: the pointers may then be null.</param>
internal readonly unsafe struct HeadKeys(float* keys, nint keyStride, float* values, int count)
{
    /// <summary>Keys, transposed and rotated.</summary>
    public float* Keys { get; } = keys;

    /// <summary>Floats from one dimension of the keys to the next.</summary>
    public nint KeyStride { get; } = keyStride;

    /// <summary>Values, a row a position.</summary>
    public float* Values { get; } = values;

    /// <summary>Positions.</summary>
    public int Count { get; } = count;
}
