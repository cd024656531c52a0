namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>What a download asks of the machine; tests give their own.</summary>
public sealed record HubPlatform
{
    /// <summary>The machine as it is.</summary>
    public static HubPlatform Machine { get; } = new();

    /// <summary>Waits, between tries and for another process.</summary>
    public Func<TimeSpan, CancellationToken, Task> Wait { get; init; } = Task.Delay;

    /// <summary>Tells the time, for a hub that says until when to wait.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Bytes that a user may still write to the disk of an existing folder.</summary>
    public Func<string, long> FreeBytes { get; init; } = FreeBytesOf;

    /// <summary>Makes a symbolic link at the first path to the second; throws where the disk or the user cannot.</summary>
    public Action<string, string> MakeLink { get; init; } = (link, target) => File.CreateSymbolicLink(link, target);

    /// <summary>How long the hub may be silent before a connection counts as dropped.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    // A share of a network has no drive: its room is found out by writing.
    private static long FreeBytesOf(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }
    }
}
