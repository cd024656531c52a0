using Eckart.Engine.Kernels;

namespace Eckart.Training.Kernels;

/// <summary>The gradient of a product by its weight.</summary>
internal static unsafe class WeightGradient
{
    private const int PanelWidth = 64;

    /// <summary>Floats that <see cref="Add"/> needs for itself.</summary>
    public static int SpareFloats(int rows, int outputs) => (outputs + SmallProduct.RowTile + rows) * PanelWidth;

    /// <summary>W' += y'ᵀ · x.</summary>
    /// <param name="x">(rows, inputs), contiguous.</param>
    /// <param name="given">y', (rows, outputs), contiguous; up to five numbers behind it are read, whatever they are.</param>
    /// <param name="toWeight">W', (outputs, inputs), contiguous.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="inputs">Columns of x.</param>
    /// <param name="outputs">Columns of y'.</param>
    /// <param name="spare">Of <see cref="SpareFloats"/>, aligned to 64 bytes.</param>
    public static void Add(float* x, float* given, float* toWeight, int rows, int inputs, int outputs, float* spare)
    {
        var ragged = spare + ((nint)(outputs + SmallProduct.RowTile) * PanelWidth);
        for (var first = 0; first < inputs; first += PanelWidth)
        {
            var columns = Math.Min(PanelWidth, inputs - first);
            var whole = columns % Lanes.Width == 0;
            if (!whole) Pad(x + first, inputs, rows, columns, ragged);
            var from = whole ? x + first : ragged;
            var stride = whole ? inputs : PanelWidth;

            // Whole tiles are added where they belong; those that reach beyond the matrix are not.
            var direct = whole ? outputs - (outputs % SmallProduct.RowTile) : 0;
            SmallProduct.MultiplyTurned(given, outputs, from, stride, toWeight + first, inputs, direct, rows, Lanes.Padded(columns), accumulate: true);
            SmallProduct.MultiplyTurned(given + direct, outputs, from, stride, spare, PanelWidth, outputs - direct, rows, Lanes.Padded(columns), accumulate: false);
            for (var output = direct; output < outputs; output++)
                RowSum.Add(spare + ((nint)(output - direct) * PanelWidth), 1, columns, toWeight + ((nint)output * inputs) + first);
        }
    }

    // Zeros behind the columns, up to whole vectors.
    private static void Pad(float* from, int stride, int rows, int columns, float* to)
    {
        new Span<float>(to, rows * PanelWidth).Clear();
        for (var row = 0; row < rows; row++) new ReadOnlySpan<float>(from + ((nint)row * stride), columns).CopyTo(new Span<float>(to + ((nint)row * PanelWidth), columns));
    }
}
