using System.Diagnostics;

namespace Eckart.Cli;

/// <summary>Time by the clock, and time that processors spent on this process: what else runs on the machine has less part in that.</summary>
internal readonly record struct WorkTime(double Seconds, double ProcessorSeconds)
{
    public static WorkTime Now => new((double)Stopwatch.GetTimestamp() / Stopwatch.Frequency, Environment.CpuUsage.TotalTime.TotalSeconds);

    public static WorkTime operator +(WorkTime a, WorkTime b) => new(a.Seconds + b.Seconds, a.ProcessorSeconds + b.ProcessorSeconds);

    public static WorkTime operator -(WorkTime a, WorkTime b) => new(a.Seconds - b.Seconds, a.ProcessorSeconds - b.ProcessorSeconds);
}
