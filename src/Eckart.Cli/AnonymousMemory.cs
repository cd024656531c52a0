using System.Diagnostics;
using System.Globalization;

namespace Eckart.Cli;

/// <summary>The most memory of its own that this process holds while this lives: what is mapped from files is not counted.</summary>
internal sealed class AnonymousMemory : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private readonly Timer timer;
    private long peak = Now();

    public AnonymousMemory() => timer = new Timer(_ => Look(), null, Interval, Interval);

    /// <summary>Bytes at most so far.</summary>
    public long Peak
    {
        get
        {
            Look();
            return Interlocked.Read(ref peak);
        }
    }

    /// <summary>Bytes now.</summary>
    public static long Now()
    {
        if (!OperatingSystem.IsLinux())
        {
            using var process = Process.GetCurrentProcess();
            return process.PrivateMemorySize64;
        }

        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan()["RssAnon:".Length..^" kB".Length], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) << 10;
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void Look()
    {
        var now = Now();
        for (var known = Interlocked.Read(ref peak); now > known; known = Interlocked.Read(ref peak))
            Interlocked.CompareExchange(ref peak, now, known);
    }
}
