using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Eckart.Models;

namespace Eckart.Engine.Kernels;

/// <summary>Rotary position embedding of one head.</summary>
/// <remarks>Source: Su et al., arXiv 2104.09864.</remarks>
internal static unsafe class Rotation
{
    /// <summary>Copies a head, its leading dimensions rotated, all of it scaled.</summary>
    /// <param name="shape">Which dimensions form a pair, and how many.</param>
    /// <param name="head">(D).</param>
    /// <param name="angles">Of the head's position: the cosine of each pair, then the sine of each.</param>
    /// <param name="scale">Factor; 1 changes nothing.</param>
    /// <param name="to">(D), overwritten; must not overlap <paramref name="head"/>.</param>
    public static void Turn(in AttentionShape shape, float* head, float* angles, float scale, float* to)
    {
        var pairs = shape.RotarySize / 2;
        if (shape.Layout == RotaryLayout.Halves) TurnHalves(head, angles, pairs, scale, to);
        else TurnPairs(head, angles, pairs, scale, to);
        CopyScaled(head + shape.RotarySize, shape.HeadSize - shape.RotarySize, scale, to + shape.RotarySize);
    }

    /// <summary>to = from · scale.</summary>
    [MethodImpl(Lanes.Fast)]
    public static void CopyScaled(float* from, int count, float scale, float* to)
    {
        var i = 0;
        for (; i + Lanes.Width <= count; i += Lanes.Width) (Vector512.Load(from + i) * Vector512.Create(scale)).Store(to + i);
        for (; i < count; i++) to[i] = from[i] * scale;
    }

    [MethodImpl(Lanes.Fast)]
    private static void TurnHalves(float* head, float* angles, int pairs, float scale, float* to)
    {
        var i = 0;
        for (; i + Lanes.Width <= pairs; i += Lanes.Width)
        {
            var (x, y) = (Vector512.Load(head + i) * Vector512.Create(scale), Vector512.Load(head + pairs + i) * Vector512.Create(scale));
            var (cos, sin) = (Vector512.Load(angles + i), Vector512.Load(angles + pairs + i));
            ((x * cos) - (y * sin)).Store(to + i);
            ((y * cos) + (x * sin)).Store(to + pairs + i);
        }

        for (; i + Vector256<float>.Count <= pairs; i += Vector256<float>.Count)
        {
            var (x, y) = (Vector256.Load(head + i) * Vector256.Create(scale), Vector256.Load(head + pairs + i) * Vector256.Create(scale));
            var (cos, sin) = (Vector256.Load(angles + i), Vector256.Load(angles + pairs + i));
            ((x * cos) - (y * sin)).Store(to + i);
            ((y * cos) + (x * sin)).Store(to + pairs + i);
        }

        for (; i < pairs; i++) Turn(head[i] * scale, head[pairs + i] * scale, angles[i], angles[pairs + i], to + i, to + pairs + i);
    }

    // Eight pairs a vector: x·cos + its neighbour·sin, the sine of each pair's first number being negative.
    [MethodImpl(Lanes.Fast)]
    private static void TurnPairs(float* head, float* angles, int pairs, float scale, float* to)
    {
        var i = 0;
        for (; i + Vector256<float>.Count <= pairs; i += Vector256<float>.Count)
        {
            var x = Vector512.Load(head + (2 * i)) * Vector512.Create(scale);
            var neighbour = Vector512.Shuffle(x, Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
            var (cos, sin) = (Twice(angles + i), Twice(angles + pairs + i) * Vector512.Create(-1f, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1));
            ((x * cos) + (neighbour * sin)).Store(to + (2 * i));
        }

        for (; i < pairs; i++)
            Turn(head[2 * i] * scale, head[(2 * i) + 1] * scale, angles[i], angles[pairs + i], to + (2 * i), to + (2 * i) + 1);
    }

    // (a, b, …) to (a, a, b, b, …).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Twice(float* eight) =>
        Vector512.Shuffle(Vector256.Load(eight).ToVector512Unsafe(), Vector512.Create(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(float x, float y, float cos, float sin, float* toX, float* toY)
    {
        *toX = (x * cos) - (y * sin);
        *toY = (y * cos) + (x * sin);
    }
}
