using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Eckart.Engine.Kernels;

/// <summary>Products with a matrix that was packed for them: y (+)= x · Wᵀ, of many rows of x with one W.</summary>
/// <remarks>W lies in panels of 64 of its rows, turned over, so that the innermost loop reads it from one end to the other. Each number of y is the sum over the
/// inner dimension in order, whatever the number of rows: its digits depend on its own row and on W alone.</remarks>
internal static unsafe class PackedProduct
{
    /// <summary>Rows of W, columns of y, that a panel holds.</summary>
    public const int PanelWidth = 64;

    /// <summary>Rows of x that stay in the second-level cache while all panels go by.</summary>
    private const int RowBlock = 192;

    /// <summary>Whether this is faster here than the libraries' products: where vectors are as long as the registers that the tile was made for.</summary>
    public static bool Pays => Vector512.IsHardwareAccelerated;

    /// <summary>Panels of a matrix of so many rows.</summary>
    public static int Panels(int outputs) => (outputs + PanelWidth - 1) / PanelWidth;

    /// <summary>Floats that <see cref="Multiply"/> needs for itself.</summary>
    public static int SpareFloats(int inner) => SmallProduct.RowTile * (inner + PanelWidth);

    /// <summary>Packs one panel.</summary>
    /// <param name="weight">W, (outputs, inner).</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="outputs">Rows of W.</param>
    /// <param name="inner">Columns of W.</param>
    /// <param name="panel">Which, from 0.</param>
    /// <param name="packed">All panels, each (inner, 64); rows that W lacks become zero columns.</param>
    public static void Pack(float* weight, nint stride, int outputs, int inner, int panel, float* packed)
    {
        var to = packed + ((nint)panel * inner * PanelWidth);
        for (var column = 0; column < PanelWidth; column += Lanes.Width)
        {
            var row = (panel * PanelWidth) + column;
            if (row + Lanes.Width <= outputs) Transposition.Of16Rows(weight + (row * stride), stride, inner, to + column, PanelWidth);
            else PackEdge(weight + (row * stride), stride, outputs - row, inner, to + column);
        }
    }

    /// <summary>y[rows × outputs] (+)= x[rows × count] · W[:, first … first + count]ᵀ.</summary>
    /// <param name="x">Rows of <paramref name="count"/> numbers.</param>
    /// <param name="xStride">Floats from row to row.</param>
    /// <param name="rows">Rows of x and y.</param>
    /// <param name="packed">The panels to multiply by.</param>
    /// <param name="inner">Columns of W, as it was packed.</param>
    /// <param name="first">First of its columns that counts.</param>
    /// <param name="count">Columns that count.</param>
    /// <param name="outputs">Rows of W from the first panel on; columns of y.</param>
    /// <param name="y">Written; nothing beyond its rows and columns is.</param>
    /// <param name="yStride">Floats from row to row.</param>
    /// <param name="accumulate">Whether to add to y.</param>
    /// <param name="spare">Of <see cref="SpareFloats"/>, aligned to 64 bytes.</param>
    public static void Multiply(float* x, nint xStride, int rows, float* packed, int inner, int first, int count, int outputs, float* y, nint yStride, bool accumulate, float* spare)
    {
        for (var row = 0; row < rows; row += RowBlock)
        {
            var block = Math.Min(RowBlock, rows - row);
            var whole = block / SmallProduct.RowTile * SmallProduct.RowTile;
            var (xRow, yRow) = ((nint)row * xStride, (nint)row * yStride);
            for (var panel = 0; panel < Panels(outputs); panel++)
            {
                var b = packed + (((nint)panel * inner) + first) * PanelWidth;
                var c = y + yRow + (panel * PanelWidth);
                var width = Math.Min(PanelWidth, outputs - (panel * PanelWidth));
                if (width == PanelWidth && whole > 0) SmallProduct.Multiply(x + xRow, xStride, b, PanelWidth, c, yStride, whole, count, PanelWidth, accumulate);
                for (var tile = width == PanelWidth ? whole : 0; tile < block; tile += SmallProduct.RowTile)
                    Edge(x + xRow + (tile * xStride), xStride, Math.Min(SmallProduct.RowTile, block - tile), b, count, width, c + (tile * yStride), yStride, accumulate, spare);
            }
        }
    }

    // A tile whose rows or columns are fewer than the kernel's: by way of memory that has them all.
    private static void Edge(float* x, nint xStride, int rows, float* b, int count, int width, float* y, nint yStride, bool accumulate, float* spare)
    {
        var (a, c) = (new Tile(spare, count), new Tile(spare + ((nint)SmallProduct.RowTile * count), PanelWidth));
        a.Fill(x, xStride, rows, count);
        if (accumulate) c.Fill(y, yStride, rows, width);
        SmallProduct.Multiply(a.Start, count, b, PanelWidth, c.Start, PanelWidth, SmallProduct.RowTile, count, PanelWidth, accumulate);
        for (var row = 0; row < rows; row++) new ReadOnlySpan<float>(c.Start + (row * PanelWidth), width).CopyTo(new Span<float>(y + (row * yStride), width));
    }

    [MethodImpl(Lanes.Fast)]
    private static void PackEdge(float* weight, nint stride, int rows, int inner, float* to)
    {
        for (var i = 0; i < inner; i++)
            for (var row = 0; row < Lanes.Width; row++)
                to[((nint)i * PanelWidth) + row] = row < rows ? weight[(row * stride) + i] : 0;
    }

    // Six rows, zero where nothing is filled in.
    private readonly struct Tile(float* start, int columns)
    {
        public float* Start { get; } = start;

        public void Fill(float* from, nint stride, int rows, int count)
        {
            new Span<float>(Start, SmallProduct.RowTile * columns).Clear();
            for (var row = 0; row < rows; row++) new ReadOnlySpan<float>(from + (row * stride), count).CopyTo(new Span<float>(Start + ((nint)row * columns), count));
        }
    }
}
