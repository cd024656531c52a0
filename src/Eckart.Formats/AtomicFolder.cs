using System.Text.RegularExpressions;

namespace Eckart.Formats;

/// <summary>Folders that are there whole or not at all, whatever interrupts the writing.</summary>
/// <remarks>A folder is made beside its place as <c>NAME.RANDOM.tmp</c> and renamed. One that it replaces is renamed to <c>NAME.RANDOM.old</c> first and
/// deleted last, so that a moment without either shows only to a reader that comes between two renames. What a process that was killed left of these is
/// removed by the next one that writes the same folder.</remarks>
public static partial class AtomicFolder
{
    // Held open by its writer: what can be opened belongs to nobody any more.
    private const string Held = ".writing";

    /// <summary>Refuses a place that is taken.</summary>
    /// <param name="path">Where a folder shall be.</param>
    /// <param name="replace">Whether a folder that is there already goes.</param>
    /// <exception cref="InputException">A file is there, or a folder that is not to be replaced.</exception>
    public static void Check(string path, bool replace)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (File.Exists(path)) throw new InputException(path, "expected the name of a folder, found a file", "name another folder");
        if (Directory.Exists(path) && !replace) throw new InputException(path, "expected no folder of that name, found one", "name another, or replace it with --force");
    }

    /// <summary>Writes a folder.</summary>
    /// <param name="path">Where it shall be, links followed; folders above it are made if need be.</param>
    /// <param name="replace">Whether a folder that is there already goes.</param>
    /// <param name="write">Fills the folder whose path it is given; where it fails, what was there is there still, and nothing else.</param>
    /// <exception cref="InputException">It is there and is not to be replaced, or cannot be written.</exception>
    public static void Write(string path, bool replace, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Check(path, replace);
        var whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var random = Path.GetRandomFileName();
        var beside = $"{whole}.{random}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(whole) ?? whole);
            var left = Left(whole);
            Directory.CreateDirectory(beside);
            using (new FileStream(Path.Combine(beside, Held), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose)) write(beside);
            Place(beside, whole, $"{whole}.{random}.old");
            foreach (var folder in left) Discard(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected a folder that can be written, found: {exception.Message}", "make room, or name a folder elsewhere", exception);
        }
        finally
        {
            Discard(beside);
        }
    }

    private static void Place(string beside, string whole, string old)
    {
        if (!Directory.Exists(whole))
        {
            Directory.Move(beside, whole);
            return;
        }

        Directory.Move(whole, old);
        try
        {
            Directory.Move(beside, whole);
        }
        catch
        {
            Directory.Move(old, whole);
            throw;
        }

        Discard(old);
    }

    // What writers of this folder left that live no more.
    private static string[] Left(string whole) =>
    [
        .. Directory.EnumerateDirectories(Path.GetDirectoryName(whole) ?? whole, $"{Path.GetFileName(whole)}.*")
            .Where(folder => folder.StartsWith(whole, StringComparison.Ordinal) && Ending().IsMatch(folder.AsSpan(whole.Length)) && !IsHeld(Path.Combine(folder, Held))),
    ];

    private static bool IsHeld(string path)
    {
        try
        {
            if (File.Exists(path)) new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    // What cannot be removed is in nobody's way.
    private static void Discard(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    [GeneratedRegex(@"^\.[a-z0-9]{8}\.[a-z0-9]{3}\.(tmp|old)$")]
    private static partial Regex Ending();
}
