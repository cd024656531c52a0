using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Eckart.Experiments;

/// <summary>What a run ran on: the facts of <c>environment.json</c>.</summary>
/// <param name="Eckart">Version of this library.</param>
/// <param name="Dotnet">Version of the runtime.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Architecture">Of the process, e.g. <c>x64</c>.</param>
/// <param name="Processors">Logical processors that the process may use.</param>
/// <param name="MemoryBytes">Memory that the process may use.</param>
/// <param name="Started">The moment, UTC, ISO 8601.</param>
/// <param name="Digests">SHA-256 or the like of what went in, by name.</param>
public sealed record RunEnvironment(
    string Eckart, string Dotnet, string OperatingSystem, string Architecture, int Processors, long MemoryBytes, string Started,
    IReadOnlyDictionary<string, string> Digests)
{
    /// <summary>The facts of this process.</summary>
    /// <param name="clock">Tells the time.</param>
    /// <param name="digests">Digests of the inputs, by name, e.g. <c>model</c>.</param>
    public static RunEnvironment Of(TimeProvider clock, IReadOnlyDictionary<string, string> digests)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return new RunEnvironment(
            typeof(RunEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            Environment.Version.ToString(),
            RuntimeInformation.OSDescription,
            RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            digests);
    }
}
