using Eckart.Engine.Kernels;
using Eckart.Models;

namespace Eckart.Tests.Engine.Kernels;

/// <summary>One key-value head over some positions: what goes in, what <see cref="KeyWriter"/> makes of it, and the rotation in double.</summary>
internal sealed unsafe class HeadStore : IDisposable
{
    private readonly AttentionShape shape;
    private readonly int count;

    public HeadStore(AttentionShape shape, int count, int firstPosition, int seed)
    {
        (this.shape, this.count) = (shape, count);
        K = GuardedRows.Random(count, shape.HeadSize, shape.HeadSize + 3, seed);
        V = GuardedRows.Random(count, shape.HeadSize, shape.HeadSize + 2, seed + 1);
        Angles = AnglesOf(shape, firstPosition, count);
        Keys = new GuardedRows<float>(shape.HeadSize, Lanes.Padded(count), Lanes.Padded(count) + 32);
        Values = new GuardedRows<float>(count, shape.PaddedHead, shape.PaddedHead);
    }

    public GuardedRows<float> K { get; }

    public GuardedRows<float> V { get; }

    public GuardedRows<float> Angles { get; }

    public GuardedRows<float> Keys { get; }

    public GuardedRows<float> Values { get; }

    public HeadKeys Store => new(Keys.Start, Keys.Stride, Values.Start, count);

    /// <summary>Cosines, then sines, of any angles: the kernels do not care where they come from.</summary>
    public static GuardedRows<float> AnglesOf(AttentionShape shape, int firstPosition, int count)
    {
        var pairs = shape.RotarySize / 2;
        return new GuardedRows<float>(count, shape.RotarySize, shape.RotarySize).Filled((row, i) =>
        {
            var angle = (firstPosition + row) * Math.Pow(10, -(i % Math.Max(1, pairs)) / (double)Math.Max(1, pairs));
            return (float)(i < pairs ? Math.Cos(angle) : Math.Sin(angle));
        });
    }

    /// <summary>A head rotated, in double.</summary>
    public static double[] Rotated(AttentionShape shape, ReadOnlySpan<float> head, ReadOnlySpan<float> angles)
    {
        var rotated = Array.ConvertAll(head.ToArray(), number => (double)number);
        var pairs = shape.RotarySize / 2;
        for (var i = 0; i < pairs; i++)
        {
            var (x, y) = shape.Layout == RotaryLayout.Halves ? (i, pairs + i) : (2 * i, (2 * i) + 1);
            rotated[x] = ((double)head[x] * angles[i]) - ((double)head[y] * angles[pairs + i]);
            rotated[y] = ((double)head[y] * angles[i]) + ((double)head[x] * angles[pairs + i]);
        }

        return rotated;
    }

    /// <summary>Lets the kernel write positions from … to − 1.</summary>
    public HeadStore Write(int from, int to)
    {
        KeyWriter.Write(shape, K.Start + (from * K.Stride), K.Stride, V.Start + (from * V.Stride), V.Stride, to - from, Angles.Start + (from * shape.RotarySize), Keys.Start, Keys.Stride, Values.Start, from);
        return this;
    }

    public double[] RotatedKey(int position) => Rotated(shape, K.Row(position), Angles.Row(position));

    public void Dispose()
    {
        foreach (var rows in new[] { K, V, Angles, Keys, Values }) rows.Dispose();
    }
}
