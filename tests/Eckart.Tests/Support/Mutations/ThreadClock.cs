using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Eckart.Tests.Support.Mutations;

/// <summary>Time that the calling thread has computed for: what other tests take from the machine does not count.</summary>
internal static partial class ThreadClock
{
    private const int ThreadTime = 3;   // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Processor time of this thread where the system says it (Linux), else the time of day.</summary>
    public static TimeSpan Now => OperatingSystem.IsLinux() && Read(ThreadTime, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000)
        : Stopwatch.GetElapsedTime(0);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
