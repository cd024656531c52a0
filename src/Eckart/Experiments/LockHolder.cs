using System.Globalization;
using System.Text.Json;

namespace Eckart.Experiments;

/// <summary>Who writes a journal: the one line of <c>trials.jsonl.holder</c>, for the message to whoever else would.</summary>
/// <param name="Process">Its id.</param>
/// <param name="Machine">The machine it runs on.</param>
/// <param name="Since">When it began, UTC, ISO 8601.</param>
internal sealed record LockHolder(int Process, string Machine, string Since)
{
    private const int Longest = 1024;       // bytes of its file that are believed

    /// <summary>This process, from now on.</summary>
    /// <param name="clock">Tells the time.</param>
    public static LockHolder Here(TimeProvider clock) => new(
        Environment.ProcessId, Environment.MachineName, clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    /// <summary>The holder that a file names, or null where none can be read from it: it is on its way, or gone already.</summary>
    /// <param name="path">The file.</param>
    public static LockHolder? Read(string path)
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: <= Longest }) return null;
            var holder = JsonSerializer.Deserialize<LockHolder>(File.ReadAllBytes(path), TrialJson.Options);
            return holder is not null && (holder.Machine + holder.Since).Any(char.IsControl) ? null : holder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The file's bytes.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, TrialJson.Options), (byte)'\n'];

    /// <summary>As a message says it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"process {Process} on {Machine} writing it since {Since}");
}
