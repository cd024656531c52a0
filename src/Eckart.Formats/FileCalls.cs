namespace Eckart.Formats;

/// <summary>What writing a run asks of the file system: every call that can fail for want of room, of rights or of a disk. Tests give calls that do fail.</summary>
public sealed record FileCalls
{
    // What the system calls a file that another handle holds: on Linux, on macOS, on Windows.
    private static readonly int[] Busy = [11, 35, unchecked((int)0x80070020)];

    /// <summary>The file system as it is.</summary>
    public static FileCalls Disk { get; } = new();

    /// <summary>Opens or makes a file; what is then written, flushed and cut goes through the stream.</summary>
    public Func<string, FileStreamOptions, FileStream> Open { get; init; } = (path, options) => new FileStream(path, options);

    /// <summary>Renames the first path to the second, over a file that is there.</summary>
    public Action<string, string> Move { get; init; } = (from, to) => File.Move(from, to, overwrite: true);

    /// <summary>Deletes a file; one that is not there is no error.</summary>
    public Action<string> Delete { get; init; } = File.Delete;

    /// <summary>Makes a folder and those above it; one that is there is no error.</summary>
    public Action<string> MakeFolder { get; init; } = path => Directory.CreateDirectory(path);

    /// <summary>Deletes a folder that holds nothing.</summary>
    public Action<string> DeleteFolder { get; init; } = Directory.Delete;

    /// <summary>How long a finished line may wait to be brought onto the disk, which takes longer than many a trial: a power cut loses what was finished since, a kill nothing. Zero for none to wait.</summary>
    public TimeSpan Unflushed { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether opening a file failed because another handle, here or in another process, holds it.</summary>
    /// <param name="exception">What opening it threw.</param>
    public static bool IsHeld(Exception exception) => exception is IOException && Busy.Contains(exception.HResult);
}
