using System.Diagnostics;
using System.Globalization;

namespace Eckart.Tests.Support;

/// <summary>What Linux tells of a process of any program; nothing once it has ended.</summary>
internal static class SystemProcess
{
    /// <summary>Those that a condition holds for.</summary>
    public static Process[] All(Func<Process, bool> condition) => [.. Process.GetProcesses().Where(condition)];

    /// <summary>Its command, word by word.</summary>
    public static string[] Command(Process process) => Read(process, "cmdline").Split('\0');

    /// <summary>The environment that it was started with, each <c>NAME=value</c>.</summary>
    public static string[] Environment(Process process) => Read(process, "environ").Split('\0');

    /// <summary>The process that started it, or 1 where that has ended; 0 of one that has ended itself.</summary>
    public static int Parent(Process process) =>
        Read(process, "status").Split('\n').FirstOrDefault(line => line.StartsWith("PPid:", StringComparison.Ordinal)) is { } line ? int.Parse(line["PPid:".Length..], CultureInfo.InvariantCulture) : 0;

    private static string Read(Process process, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/{file}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";      // it has ended, or is another's
        }
    }
}
