using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Eckart.Engine.Kernels;

/// <summary>The softmax of one token's attention scores, which lie in two pieces: over the prefix, and over its own sequence.</summary>
internal static unsafe class RowSoftmax
{
    /// <summary>Scores to weights, not yet divided by their sum: exp(score − maximum of both pieces) where visible, 0 elsewhere.</summary>
    /// <param name="prefix">Scores over the prefix; there may be none.</param>
    /// <param name="own">Scores over the own sequence; at least one of all is visible.</param>
    /// <returns>The sum of the weights.</returns>
    [MethodImpl(Lanes.Fast)]
    public static float Weigh(in ScorePiece prefix, in ScorePiece own)
    {
        var maximum = Vector512.Create(Largest(Vector512.MaxNative(Maxima(prefix), Maxima(own))));
        return Vector512.Sum(Exponentiate(prefix, maximum) + Exponentiate(own, maximum));
    }

    /// <summary>The largest of 16 numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(V values)
    {
        var eight = Vector256.MaxNative(values.GetLower(), values.GetUpper());
        var four = Vector128.MaxNative(eight.GetLower(), eight.GetUpper());
        var two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(two[0], two[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Maxima(in ScorePiece piece)
    {
        var lowest = Vector512.Create(float.NegativeInfinity);
        var largest = lowest;
        var scores = piece.Scores;
        var visible = piece.Visible;
        for (var column = visible.From & -Lanes.Width; column < visible.To; column += Lanes.Width)
        {
            var score = Vector512.Load(scores + column);
            largest = Vector512.MaxNative(largest, visible.Covers(column) ? score : Vector512.ConditionalSelect(visible.Mask(column), score, lowest));
        }

        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exponentiate(in ScorePiece piece, V maximum)
    {
        var sum = V.Zero;
        var scores = piece.Scores;
        var visible = piece.Visible;
        var column = visible.From & -Lanes.Width;
        new Span<float>(scores, column).Clear();
        for (; column < visible.To; column += Lanes.Width)
        {
            var weight = Exponential.Of(Vector512.Load(scores + column) - maximum);
            if (!visible.Covers(column)) weight = Vector512.ConditionalSelect(visible.Mask(column), weight, V.Zero);
            weight.Store(scores + column);
            sum += weight;
        }

        new Span<float>(scores + column, piece.Width - column).Clear();
        return sum;
    }
}

/// <summary>The scores of one token over consecutive positions.</summary>
/// <param name="scores">The first; becomes a weight.</param>
/// <param name="width">How many there are, a multiple of <see cref="Lanes.Width"/>. What stands where nothing is visible does not matter, be it NaN.</param>
/// <param name="visible">Those that the token attends to, within 0 … width; empty is From = To.</param>
internal readonly unsafe struct ScorePiece(float* scores, int width, ColumnRange visible)
{
    public float* Scores { get; } = scores;

    public int Width { get; } = width;

    public ColumnRange Visible { get; } = visible;
}
