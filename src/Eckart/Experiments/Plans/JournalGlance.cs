namespace Eckart.Experiments.Plans;

/// <summary>A journal as somebody sees it who does not write it.</summary>
internal static class JournalGlance
{
    private const string LockExtension = ".lock";       // of the file that a journal's writer holds open, alone

    /// <summary>Whether a living process writes it now: the system lets go of the lock when its holder ends, however it ends.</summary>
    /// <param name="path">The journal.</param>
    /// <remarks>Asked by a lock that is shared, so that several may ask at once; a writer that begins in that very moment is refused.</remarks>
    public static bool HasWriter(string path)
    {
        try
        {
            using var unheld = new FileStream(path + LockExtension, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return false;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>The ids of its trials, whether or not somebody is writing it; none where there is no file.</summary>
    /// <param name="path">The journal.</param>
    /// <exception cref="Formats.InputException">A line that is no trial, other than a torn last one.</exception>
    public static HashSet<string> Ids(string path)
    {
        if (!File.Exists(path)) return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return [.. JournalFile.Read(stream, path).Trials.Select(one => one.Trial.Id)];
    }
}
