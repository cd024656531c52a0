using System.Globalization;
using System.Text;
using Eckart.Formats;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Eckart.Reporting;

/// <summary>A figure in its two formats, drawn once: equal bytes for equal drawings.</summary>
/// <param name="Png">Two pixels a unit.</param>
/// <param name="Svg">UTF-8.</param>
public sealed record FigureFiles(byte[] Png, byte[] Svg)
{
    private const int Width = 640;              // of a single plot, in units
    private const int Height = 400;
    private const int PixelsPerUnit = 2;        // of the PNG
    private const int PngLevel = 3;

    /// <summary>Ticks of an ordinary axis, in any culture the same.</summary>
    internal static NumericAutomatic Ticks() => new() { LabelFormatter = value => value.ToString("0.####", CultureInfo.InvariantCulture) };

    /// <summary>A single plot, 640 × 400 units.</summary>
    /// <param name="draw">Makes the plot; it is disposed here.</param>
    internal static FigureFiles Of(Func<Plot> draw)
    {
        using var plot = draw();
        return Of(Width, Height, canvas => plot.Render(canvas, new PixelRect(0, Width, Height, 0)));
    }

    /// <summary>Anything that is drawn on a white canvas.</summary>
    /// <param name="width">In units.</param>
    /// <param name="height">In units.</param>
    /// <param name="draw">Called once, since laying a plot out takes as long as painting it.</param>
    internal static FigureFiles Of(int width, int height, Action<SKCanvas> draw)
    {
        using var recorder = new SKPictureRecorder();
        var canvas = recorder.BeginRecording(new SKRect(0, 0, width, height));
        canvas.Clear(SKColors.White);
        draw(canvas);
        using var drawing = recorder.EndRecording();
        return new FigureFiles(PngOf(drawing, width, height), SvgOf(drawing, width, height));
    }

    /// <summary>Writes both into a folder.</summary>
    /// <param name="folder">Exists.</param>
    /// <param name="name">Of the files, without extension.</param>
    /// <param name="files">The file system; <see cref="FileCalls.Disk"/> unless given.</param>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public void Save(string folder, string name, FileCalls? files = null)
    {
        AtomicFile.Write(Path.Combine(folder, name + ".png"), Png, files);
        AtomicFile.Write(Path.Combine(folder, name + ".svg"), Svg, files);
    }

    // Opaque and filtered: a quarter of the time that the library's own settings take, for as many bytes.
    private static byte[] PngOf(SKPicture drawing, int width, int height)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width * PixelsPerUnit, height * PixelsPerUnit, SKImageInfo.PlatformColorType, SKAlphaType.Opaque));
        surface.Canvas.Scale(PixelsPerUnit);
        surface.Canvas.DrawPicture(drawing);
        using var pixels = surface.PeekPixels();
        using var data = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, PngLevel)) ?? throw new InvalidOperationException("The drawing library made no PNG.");
        return data.ToArray();
    }

    private static byte[] SvgOf(SKPicture drawing, int width, int height)
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, height), stream)) canvas.DrawPicture(drawing);
        return Encoding.UTF8.GetBytes(SvgIds.Renumber(Encoding.UTF8.GetString(stream.ToArray())));
    }
}
