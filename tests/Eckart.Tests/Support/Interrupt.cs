using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Eckart.Tests.Support;

/// <summary>What Ctrl-C does to a process of a test's own.</summary>
/// <remarks>By the system's call and not by the command of its name: on a busy machine a short run may end before another process has begun.</remarks>
internal static partial class Interrupt
{
    private const int Int = 2;
    private const int Term = 15;
    private const string Ignored = "SigIgn:";

    /// <summary>Sends SIGINT; or SIGTERM, which ends a run in the same way, where this process ignores SIGINT and its children with it: so a shell starts what it runs in the background.</summary>
    public static void Send(Process process) => Assert.Equal(0, Signal(process.Id, IgnoresInt() ? Term : Int));

    private static bool IgnoresInt() => File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is { } line
        && (ulong.Parse(line[Ignored.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (Int - 1))) != 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
