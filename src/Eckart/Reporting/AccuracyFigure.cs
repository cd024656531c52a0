using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Statistics;

namespace Eckart.Reporting;

/// <summary>Accuracies by anything that comes in steps, such as clipping rates or demonstrations: a line a series, with intervals.</summary>
/// <param name="Title">Of the figure.</param>
/// <param name="XLabel">What the positions are.</param>
/// <param name="Positions">Names of the positions, evenly spaced.</param>
/// <param name="Series">At least one.</param>
/// <remarks>Bars are Wilson's intervals. Equal input gives equal SVG, whatever the culture and the machine's fonts.</remarks>
public sealed record AccuracyFigure(string Title, string XLabel, ImmutableArray<string> Positions, ImmutableArray<AccuracySeries> Series)
{
    /// <summary>Series that can have a name: others are better left grey.</summary>
    public static int MostNamed => SeriesStyle.Most;

    /// <summary>Level of the intervals is one minus this.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>An accuracy that is marked by a dotted line, such as that of always giving the most frequent answer; null for none.</summary>
    public double? Majority { get; init; }

    /// <summary>The lowest accuracy that is drawn.</summary>
    internal double Lowest => Math.Max(0, Series.SelectMany(series => series.Values).OfType<Proportion>().Select(value => value.WilsonInterval(Alpha).Low).Append(Majority ?? 1).Min() - 0.05);

    /// <summary>Writes the figure into a folder as PNG and SVG.</summary>
    /// <param name="folder">Exists.</param>
    /// <param name="name">Of the files, without extension.</param>
    /// <param name="files">The file system; <see cref="FileCalls.Disk"/> unless given.</param>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public void Save(string folder, string name, FileCalls? files = null) => ToFiles().Save(folder, name, files);

    /// <summary>The figure as PNG and SVG, 640 × 400 units.</summary>
    public FigureFiles ToFiles() => FigureFiles.Of(() => AccuracyPlot.Alone(this));
}
