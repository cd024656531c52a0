using System.Runtime.CompilerServices;

namespace Eckart.Engine.Kernels;

/// <summary>Writes the keys and values of a head into the form of <see cref="HeadKeys"/>.</summary>
internal static unsafe class KeyWriter
{
    /// <summary>Rotates and transposes the keys of some positions, and copies their values.</summary>
    /// <param name="shape">The attention.</param>
    /// <param name="k">The head's D keys of the first position; <paramref name="kStride"/> floats to the next position's.</param>
    /// <param name="kStride">Row stride of k.</param>
    /// <param name="v">The head's D values of the first position.</param>
    /// <param name="vStride">Row stride of v.</param>
    /// <param name="rows">Positions to write.</param>
    /// <param name="angles">Of the first position, RotarySize floats a position: the cosines of the pairs, then the sines.</param>
    /// <param name="targetKeys">(D, keyStride). Columns at … at + rows − 1 are written, those up to the next multiple of <see cref="Lanes.Width"/> become zero.</param>
    /// <param name="keyStride">Row stride of the target's keys.</param>
    /// <param name="targetValues">(positions, D rounded up to whole vectors). Rows at … at + rows − 1 are written, with zeros beyond D.</param>
    /// <param name="at">Where the first position goes. Two threads may write to one target where they part at a multiple of <see cref="Lanes.Width"/>.</param>
    [SkipLocalsInit]
    public static void Write(in AttentionShape shape, float* k, nint kStride, float* v, nint vStride, int rows, float* angles, float* targetKeys, nint keyStride, float* targetValues, int at)
    {
        // One vector of columns at a time: its tokens' heads as rows, then turned over.
        var heads = stackalloc float[Lanes.Width * shape.PaddedHead];
        var end = at + rows;
        for (var start = at & -Lanes.Width; start < end; start += Lanes.Width)
        {
            for (var column = start; column < start + Lanes.Width; column++)
            {
                var head = heads + ((column - start) * shape.PaddedHead);
                var row = column - at;
                if (row < 0) ReadBack(shape, targetKeys + column, keyStride, head);
                else if (row < rows) Rotation.Turn(shape, k + (row * kStride), angles + ((nint)row * shape.RotarySize), 1, head);
                else new Span<float>(head, shape.HeadSize).Clear();
            }

            Transposition.Of16Rows(heads, shape.PaddedHead, shape.HeadSize, targetKeys + start, keyStride);
        }

        for (var row = 0; row < rows; row++)
        {
            var target = new Span<float>(targetValues + ((nint)(at + row) * shape.PaddedHead), shape.PaddedHead);
            new ReadOnlySpan<float>(v + (row * vStride), shape.HeadSize).CopyTo(target);
            target[shape.HeadSize..].Clear();
        }
    }

    // A column that stands before the first one written, in the same vector.
    private static void ReadBack(in AttentionShape shape, float* column, nint keyStride, float* head)
    {
        for (var i = 0; i < shape.HeadSize; i++) head[i] = column[i * keyStride];
    }
}
