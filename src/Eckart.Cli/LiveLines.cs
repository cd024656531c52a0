namespace Eckart.Cli;

/// <summary>A few lines on a person's terminal that are drawn anew in place, without colours; elsewhere one plain line now and then.</summary>
/// <param name="writer">Of messages; null for nobody.</param>
/// <param name="columns">Of the terminal, asked for each time, as its window may be drawn wider; null where there is none that can move its cursor.</param>
/// <param name="clock">Tells when it is time again.</param>
internal sealed class LiveLines(TextWriter? writer, Func<int>? columns, TimeProvider clock)
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LiveInterval = TimeSpan.FromSeconds(0.2);
    private const string EraseLine = "\e[K", EraseBelow = "\e[J";

    private long shown = clock.GetTimestamp();
    private int height;

    /// <summary>Whether lines are drawn in place.</summary>
    public bool Live => columns is not null;

    /// <summary>Draws the lines where those before stand; a plain line, of all of them, where there is no terminal. Nothing where the last time was just now.</summary>
    /// <param name="lines">Asked for where it is time.</param>
    public void Show(Func<IReadOnlyList<string>> lines)
    {
        if (writer is null || clock.GetElapsedTime(shown) < (Live ? LiveInterval : PlainInterval)) return;
        shown = clock.GetTimestamp();
        if (Live) Draw(lines());
        else writer.WriteLine(string.Join(", ", lines()));
    }

    /// <summary>Takes them away; without a terminal, writes the last of them instead.</summary>
    /// <param name="last">As they stand at the end; none for nothing.</param>
    public void End(IReadOnlyList<string> last)
    {
        if (writer is null) return;
        if (Live) writer.Write($"{Top()}{EraseBelow}");
        else if (last.Count > 0) writer.WriteLine(string.Join(", ", last));
        writer.Flush();
        height = 0;
    }

    // A line that fills the last column would wrap, and the cursor then stand a line too low.
    private void Draw(IReadOnlyList<string> lines)
    {
        var width = columns!() - 1;
        writer!.Write($"{Top()}{string.Join('\n', lines.Select(line => $"{(line.Length > width ? line[..width] : line)}{EraseLine}"))}{EraseBelow}");
        writer.Flush();
        height = lines.Count - 1;
    }

    private string Top() => height == 0 ? "\r" : $"\r\e[{height}A";
}
