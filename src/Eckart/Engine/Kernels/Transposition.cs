using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector128<float>;

namespace Eckart.Engine.Kernels;

/// <summary>Turns rows into columns.</summary>
internal static unsafe class Transposition
{
    /// <summary>to[j, i] = from[i, j] for 16 rows.</summary>
    /// <param name="from">(16, columns).</param>
    /// <param name="fromStride">Floats from row to row of <paramref name="from"/>.</param>
    /// <param name="columns">Columns of <paramref name="from"/>, rows of <paramref name="to"/>.</param>
    /// <param name="to">(columns, 16).</param>
    /// <param name="toStride">Floats from row to row of <paramref name="to"/>.</param>
    [MethodImpl(Lanes.Fast)]
    public static void Of16Rows(float* from, nint fromStride, int columns, float* to, nint toStride)
    {
        var column = 0;
        for (; column + 4 <= columns; column += 4)
        {
            for (var row = 0; row < Lanes.Width; row += 4)
                Block(from + (row * fromStride) + column, fromStride, to + (column * toStride) + row, toStride);
        }

        for (; column < columns; column++)
        {
            for (var row = 0; row < Lanes.Width; row++) to[(column * toStride) + row] = from[(row * fromStride) + column];
        }
    }

    // 4 × 4 by halves: first the off-diagonal blocks of 2 × 2 change places, then the off-diagonal numbers within each block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* from, nint fromStride, float* to, nint toStride)
    {
        var (a, b) = (Vector128.Load(from), Vector128.Load(from + fromStride));
        var (c, d) = (Vector128.Load(from + (2 * fromStride)), Vector128.Load(from + (3 * fromStride)));
        var (ac, bd) = (LowerHalves(a, c), LowerHalves(b, d));
        var (ca, db) = (UpperHalves(a, c), UpperHalves(b, d));
        EvenLanes(ac, bd).Store(to);
        OddLanes(ac, bd).Store(to + toStride);
        EvenLanes(ca, db).Store(to + (2 * toStride));
        OddLanes(ca, db).Store(to + (3 * toStride));
    }

    // (x0, x1, y0, y1)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LowerHalves(V x, V y) => Vector128.ConditionalSelect(Vector128.Create(-1, -1, 0, 0).AsSingle(), x, Vector128.Shuffle(y, Vector128.Create(0, 1, 0, 1)));

    // (x2, x3, y2, y3)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V UpperHalves(V x, V y) => Vector128.ConditionalSelect(Vector128.Create(-1, -1, 0, 0).AsSingle(), Vector128.Shuffle(x, Vector128.Create(2, 3, 2, 3)), y);

    // (x0, y0, x2, y2)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V EvenLanes(V x, V y) => Vector128.ConditionalSelect(Vector128.Create(-1, 0, -1, 0).AsSingle(), x, Vector128.Shuffle(y, Vector128.Create(0, 0, 2, 2)));

    // (x1, y1, x3, y3)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V OddLanes(V x, V y) => Vector128.ConditionalSelect(Vector128.Create(-1, 0, -1, 0).AsSingle(), Vector128.Shuffle(x, Vector128.Create(1, 1, 3, 3)), y);
}
