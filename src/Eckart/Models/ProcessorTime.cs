namespace Eckart.Models;

/// <summary>Time that processors were at work for this process: unlike time that passes, it hardly depends on what else runs on the machine.</summary>
internal static class ProcessorTime
{
    /// <summary>What some work took, compilation in the background included.</summary>
    public static TimeSpan Of(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        work();
        return Environment.CpuUsage.TotalTime - before;
    }

    /// <summary>The least that it took of three times, by when it is compiled and what it reads is at hand.</summary>
    public static TimeSpan Least(Action work) => Enumerable.Range(0, 3).Min(_ => Of(work));
}
