using System.Globalization;

namespace Eckart.Cli;

/// <summary>How far a piece of work is, and how fast.</summary>
/// <param name="name">What it is.</param>
/// <param name="unit">What it is counted in.</param>
/// <param name="total">Of these in all; 0 where reports will say.</param>
/// <param name="clock">Tells the rate.</param>
internal sealed class WorkInHand(string name, string unit, double total, TimeProvider clock)
{
    private const int BarWidth = 24;

    private readonly long started = clock.GetTimestamp();
    private double done;

    /// <summary>What it is.</summary>
    public string Name => name;

    /// <summary>Whether it is known how much there is.</summary>
    public bool Any => total > 0;

    /// <summary>Whether nothing of it is left.</summary>
    public bool Over => done >= total;

    /// <summary>How much is done of how much.</summary>
    public void Report(double steps, double of) => (done, total) = (steps, of);

    /// <summary>One step done.</summary>
    public void Advance() => done++;

    /// <summary>The name and the amounts.</summary>
    /// <param name="bar">Whether a bar is drawn.</param>
    public string ToString(bool bar) => $"{name} {Amounts(bar)}";

    /// <summary><c>12/34 steps, 5.0/s, 0:02, 0:04 left</c>.</summary>
    /// <param name="bar">Whether a bar is drawn.</param>
    public string Amounts(bool bar)
    {
        var elapsed = clock.GetElapsedTime(started);
        return $"{(bar ? $"{Bar(done, total)} " : "")}{Amount(done)}/{Amount(total)} {unit}{Pace(done, total - done, elapsed)}";
    }

    /// <summary><c>[######..................]</c>.</summary>
    public static string Bar(double done, double total) => $"[{new string('#', (int)(BarWidth * Math.Clamp(done / Math.Max(1e-9, total), 0, 1))).PadRight(BarWidth, '.')}]";

    /// <summary><c>, 5.0/s, 0:02, 0:04 left</c>; a clock that was set back tells no time left.</summary>
    /// <param name="done">In that time.</param>
    /// <param name="left">At most.</param>
    /// <param name="elapsed">The time.</param>
    public static string Pace(double done, double left, TimeSpan elapsed)
    {
        if (elapsed < TimeSpan.Zero) elapsed = default;
        var rate = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        return string.Create(CultureInfo.InvariantCulture, $", {rate:0.0}/s, {Time(elapsed)}{(rate > 0 && left > 0 ? $", {Time(TimeSpan.FromSeconds(Math.Min(left / rate, TimeSpan.MaxValue.TotalSeconds / 2)))} left" : "")}");
    }

    private static string Amount(double amount) => amount.ToString(amount % 1 == 0 || amount >= 10 ? "0" : "0.00", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : $"{time:m\\:ss}";
}
