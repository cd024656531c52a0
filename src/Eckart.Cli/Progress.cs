using System.CommandLine;
using System.Globalization;
using Eckart.Engine;
using Eckart.Formats.HuggingFace.Hub;

namespace Eckart.Cli;

/// <summary>Progress of long work on standard error: a bar with a rate and a time left on a terminal, a plain line now and then elsewhere, nothing with <c>--quiet</c>.</summary>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BarInterval = TimeSpan.FromSeconds(0.2);
    private const int BarWidth = 24;

    private readonly Lock gate = new();
    private readonly TextWriter? writer;
    private readonly bool terminal;
    private readonly string what;
    private readonly string unit;
    private readonly TimeProvider clock;
    private readonly long started;
    private long shown;
    private double total;
    private double done;

    private Progress(TextWriter? writer, bool terminal, string what, string unit, TimeProvider clock)
    {
        (this.writer, this.terminal, this.what, this.unit, this.clock) = (writer, terminal, what, unit, clock);
        started = shown = clock.GetTimestamp();
    }

    /// <summary>Starts to show one piece of work.</summary>
    /// <param name="args">For <c>--quiet</c> and the writer of messages.</param>
    /// <param name="what">The work.</param>
    /// <param name="unit">What it is counted in.</param>
    /// <param name="total">Of these in all; 0 where reports will say.</param>
    public static Progress Start(ParseResult args, string what, string unit = "GFLOP", long total = 0)
    {
        var error = args.InvocationConfiguration.Error;
        return new Progress(args.GetValue(CommonOptions.Quiet) ? null : error, Terminal.IsTerminal(error), what, unit, TimeProvider.System) { total = total };
    }

    /// <summary>One step done.</summary>
    public void Advance()
    {
        lock (gate) Show(done + 1, total);
    }

    /// <summary>How far an engine is.</summary>
    public void Report(WorkDone work)
    {
        lock (gate) Show(work.Operations / 1e9, work.Planned / 1e9);
    }

    /// <summary>How far a run in several processes is.</summary>
    public void Report(Experiments.Plans.RunStatus status)
    {
        lock (gate) Show(status.Done, status.Planned?.Most ?? 0);
    }

    /// <summary>How far a download is.</summary>
    public void Report(BytesDone bytes)
    {
        lock (gate) Show(bytes.Done / 1e6, bytes.Total / 1e6);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            if (writer is null) return;
            if (terminal) writer.Write($"\r{new string(' ', Terminal.Width - 1)}\r");
            else if (total > 0) writer.WriteLine(Text(clock.GetElapsedTime(started)));
        }
    }

    private void Show(double steps, double of)
    {
        (done, total) = (steps, of);
        if (writer is null || clock.GetElapsedTime(shown) < (terminal ? BarInterval : PlainInterval)) return;
        shown = clock.GetTimestamp();
        var text = Text(clock.GetElapsedTime(started));
        if (terminal) writer.Write($"\r{text.PadRight(Terminal.Width - 1)[..(Terminal.Width - 1)]}");
        else writer.WriteLine(text);
    }

    private string Text(TimeSpan elapsed)
    {
        var rate = done / Math.Max(1e-9, elapsed.TotalSeconds);
        var left = rate > 0 && done < total ? $", {Time(TimeSpan.FromSeconds((total - done) / rate))} left" : "";
        var bar = terminal ? $"[{new string('#', (int)(BarWidth * done / Math.Max(1e-9, total))).PadRight(BarWidth, '.')}] " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{what} {bar}{Amount(done)}/{Amount(total)} {unit}, {rate:0.0}/s, {Time(elapsed)}{left}");
    }

    private static string Amount(double amount) => amount.ToString(amount % 1 == 0 || amount >= 10 ? "0" : "0.00", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : $"{time:m\\:ss}";
}
