using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>The right to write a journal, which one process has at a time. The lock is an open file: the system closes it when its holder
/// ends, however it ends, so that nobody has to judge whether a holder still lives.</summary>
internal sealed class JournalLock : IDisposable
{
    private const string Extension = ".lock";
    private const string HolderExtension = ".holder";
    private const int MostTries = 4;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(25);

    // A file of its own: on Unix, .NET's advisory lock keeps a second process out only with FileShare.None, which would keep readers
    // of the journal out as well. While a journal is written it is never deleted: two processes could then hold locks on two files of that name.
    // On Windows a holder may delete what it has open only where it shares just that.
    private static readonly FileStreamOptions Alone = new()
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None,
        BufferSize = 0,
    };

    private readonly FileStream handle;
    private readonly string holder;
    private readonly FileCalls files;

    private JournalLock(FileStream handle, string holder, FileCalls files) => (this.handle, this.holder, this.files) = (handle, holder, files);

    // Who only looks whether it is held holds it for an instant.
    private static FileStream? HoldPatiently(string journal, FileCalls files)
    {
        for (var tries = 1; ; tries++)
        {
            var handle = TryHold(journal, files);
            if (handle is not null || tries == MostTries) return handle;
            Thread.Sleep(BetweenTries);
        }
    }

    /// <summary>Whether a living process writes a journal now.</summary>
    /// <param name="journal">Its path.</param>
    /// <remarks>Asked by a lock that is shared, so that several may ask at once; a writer that begins in that very moment is refused.</remarks>
    public static bool IsHeld(string journal)
    {
        try
        {
            using var unheld = new FileStream(journal + Extension, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
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

    /// <summary>Takes it, and says so in a file beside it: nobody else can read one that is locked.</summary>
    /// <param name="journal">Path of the journal; its folder must exist.</param>
    /// <param name="files">The file system.</param>
    /// <param name="clock">Tells since when.</param>
    /// <exception cref="InputException">Another process has it, or the holder cannot be written down.</exception>
    /// <exception cref="IOException">The lock's file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static JournalLock Take(string journal, FileCalls files, TimeProvider clock)
    {
        var holder = journal + HolderExtension;
        var handle = HoldPatiently(journal, files)
            ?? throw new InputException(journal, $"expected to be the only writer, found {LockHolder.Read(holder)?.ToString() ?? "another process writing it"}", "wait for it to end, or use another --out");
        try
        {
            AtomicFile.Write(holder, LockHolder.Here(clock).ToJson(), files);
            return new JournalLock(handle, holder, files);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Keeps every writer out until disposed; null where there is one.</summary>
    public static FileStream? TryHold(string journal, FileCalls files)
    {
        try
        {
            return files.Open(journal + Extension, Alone);
        }
        catch (IOException exception) when (FileCalls.IsHeld(exception))
        {
            return null;
        }
    }

    /// <summary>Whether a journal has ever been opened for writing.</summary>
    public static bool IsThere(string journal) => File.Exists(journal + Extension);

    /// <summary>The files that taking it makes.</summary>
    public static IEnumerable<string> FilesOf(string journal) => [journal + Extension, journal + HolderExtension];

    /// <summary>Makes the lock's file, for a folder that shall be nobody else's.</summary>
    /// <returns>False where it is there.</returns>
    public static bool TryMake(string journal, FileCalls files)
    {
        try
        {
            files.Open(journal + Extension, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 0 }).Dispose();
            return true;
        }
        catch (IOException) when (IsThere(journal))
        {
            return false;
        }
    }

    /// <summary>Lets the next writer in.</summary>
    public void Dispose()
    {
        try
        {
            files.Delete(holder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next holder writes over it.
        }
        finally
        {
            handle.Dispose();
        }
    }
}
