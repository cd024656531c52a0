using System.Globalization;
using System.Text;
using Eckart.Formats;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Eckart.Reporting;

/// <summary>Turns a plot into the two formats of every figure: 640 × 400 units, equal bytes for equal plots.</summary>
internal static class FigureImage
{
    private const int Width = 640;
    private const int Height = 400;
    private const int PixelsPerUnit = 2;   // of the PNG

    /// <summary>Ticks of an ordinary axis, in any culture the same.</summary>
    public static NumericAutomatic Ticks() => new() { LabelFormatter = value => value.ToString("0.####", CultureInfo.InvariantCulture) };

    /// <summary>PNG, 1280 × 800 pixels.</summary>
    /// <param name="draw">Makes the plot; it is disposed here.</param>
    public static byte[] Png(Func<Plot> draw)
    {
        using var plot = draw();
        plot.ScaleFactor = PixelsPerUnit;
        return plot.GetImageBytes(Width * PixelsPerUnit, Height * PixelsPerUnit, ImageFormat.Png);
    }

    /// <summary>SVG (UTF-8), 640 × 400 units.</summary>
    /// <param name="draw">Makes the plot; it is disposed here.</param>
    public static byte[] Svg(Func<Plot> draw)
    {
        using var plot = draw();
        return Encoding.UTF8.GetBytes(SvgIds.Renumber(plot.GetSvgXml(Width, Height)));
    }

    /// <summary>Writes both into a folder.</summary>
    /// <param name="folder">Exists.</param>
    /// <param name="name">Of the files, without extension.</param>
    /// <param name="draw">Makes the plot.</param>
    /// <param name="files">The file system; <see cref="FileCalls.Disk"/> unless given.</param>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public static void Save(string folder, string name, Func<Plot> draw, FileCalls? files = null)
    {
        AtomicFile.Write(Path.Combine(folder, name + ".png"), Png(draw), files);
        AtomicFile.Write(Path.Combine(folder, name + ".svg"), Svg(draw), files);
    }
}
