using System.Collections.Immutable;
using System.Globalization;

namespace Eckart.Reporting;

/// <summary>Accuracies as a small chart of plain text: a line a row, a mark a value, 80 columns at most.</summary>
/// <param name="Title">What the marks are.</param>
/// <param name="Rows">From top to bottom, each with the mark and the value of everything on it; values in [0, 1].</param>
public sealed record DotPlot(string Title, ImmutableArray<(string Name, ImmutableArray<(char Mark, double Value)> Dots)> Rows)
{
    private const int Widest = 80;
    private const double Step = 0.1;
    private const char Several = '*';

    /// <summary>Writes the chart; marks that fall together are <c>*</c>.</summary>
    public void Write(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var names = Rows.Max(row => row.Name.Length);
        var values = Rows.SelectMany(row => row.Dots).Select(dot => dot.Value).ToArray();
        var low = Math.Min(1 - Step, Math.Floor(values.Min() / Step) * Step);
        var steps = (int)Math.Round((1 - low) / Step);
        var columns = (Widest - names - 8) / steps * steps;        // a whole number of columns a step

        output.WriteLine(Title);
        output.WriteLine($"  {new string(' ', names)} {Scale(low, steps, columns)}".TrimEnd());      // a column to the left: the points of its numbers stand above theirs
        foreach (var (name, dots) in Rows) output.WriteLine($"  {name.PadLeft(names)}  {Line(dots, low, steps, columns)}".TrimEnd());
    }

    private static string Scale(double low, int steps, int columns)
    {
        var scale = new string(' ', columns + 4).ToCharArray();
        var every = columns / steps < 5 ? 2 : 1;
        for (var step = steps; step >= 0; step -= every)
            (low + (step * Step)).ToString("0.0", CultureInfo.InvariantCulture).CopyTo(scale.AsSpan(step * columns / steps));
        return new string(scale);
    }

    private static string Line(ImmutableArray<(char Mark, double Value)> dots, double low, int steps, int columns)
    {
        var line = new string(' ', columns + 1).ToCharArray();
        for (var step = 0; step <= steps; step++) line[step * columns / steps] = '.';
        foreach (var (mark, value) in dots)
        {
            ref var place = ref line[(int)Math.Round((value - low) / (1 - low) * columns)];
            place = place is ' ' or '.' || place == mark ? mark : Several;
        }

        return new string(line);
    }
}
