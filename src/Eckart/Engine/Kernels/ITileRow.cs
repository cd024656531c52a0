namespace Eckart.Engine.Kernels;

/// <summary>One row of a product's tile, held in vector registers. A type for each width, so that <see cref="ProductTile"/> is written once.</summary>
/// <typeparam name="TSelf">The row itself. Its default value is a row of zeros.</typeparam>
internal unsafe interface ITileRow<TSelf>
    where TSelf : unmanaged, ITileRow<TSelf>
{
    /// <summary>Floats a row.</summary>
    static abstract int Width { get; }

    /// <summary>Reads <see cref="Width"/> floats.</summary>
    static abstract TSelf Load(float* from);

    /// <summary><paramref name="sum"/> + <paramref name="factor"/> · <paramref name="row"/>.</summary>
    static abstract TSelf MultiplyAdd(float factor, TSelf row, TSelf sum);

    /// <summary>Writes <see cref="Width"/> floats.</summary>
    void Store(float* to);
}
