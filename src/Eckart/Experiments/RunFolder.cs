using System.Globalization;
using System.Text.Json;
using Eckart.Experiments.Plans;
using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>The folder that keeps everything of a run; every file in it but the journals is written whole or not at all.</summary>
public sealed class RunFolder
{
    private static readonly JsonSerializerOptions Indented = new(TrialJson.Options) { WriteIndented = true, NewLine = "\n" };

    private const string Environment = "environment.json";

    private readonly FileCalls files;
    private readonly TimeProvider clock;
    private readonly string[] madeFolders;      // the deepest first
    private readonly string[] absentFiles;      // of those that a run makes before its first trial

    private RunFolder(string path, FileCalls files, TimeProvider clock)
    {
        (Path, this.files, this.clock) = (path, files, clock);
        madeFolders = [.. FoldersFrom(System.IO.Path.GetFullPath(path)).TakeWhile(folder => !Directory.Exists(folder))];
        absentFiles = [.. Journal.FilesIn(path).Concat(new[] { Environment, PlanText.FileName, PlannedWork.FileName }.Select(name => System.IO.Path.Combine(path, name))).Where(file => !File.Exists(file))];
        files.MakeFolder(path);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Makes a new folder named after the moment and the work, e.g. <c>runs/20260314T150926Z-cb-search</c>; of several processes in one second each gets its own.</summary>
    /// <param name="root">Where runs are kept; made if need be.</param>
    /// <param name="task">The task's name; letters that a file system might object to become <c>-</c>.</param>
    /// <param name="work">The verb.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="files">The file system; <see cref="FileCalls.Disk"/> unless given.</param>
    /// <exception cref="InputException">The folder cannot be made.</exception>
    public static RunFolder Create(string root, string task, string work, TimeProvider clock, FileCalls? files = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(clock);
        var time = clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var name = System.IO.Path.Combine(root, $"{time}-{FileName(task)}-{FileName(work)}");
        for (var i = 1; ; i++)
        {
            var path = i == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{i}");
            if (!System.IO.Path.Exists(path) && Open(path, files, clock) is var folder && folder.Claim()) return folder;
        }
    }

    /// <summary>Opens a folder that the user named, and makes it if need be.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="files">The file system; <see cref="FileCalls.Disk"/> unless given.</param>
    /// <param name="clock">Tells others since when its journal is written; the system's unless given.</param>
    /// <exception cref="InputException">It is a file, or cannot be made.</exception>
    public static RunFolder Open(string path, FileCalls? files = null, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return new RunFolder(path, files ?? FileCalls.Disk, clock ?? TimeProvider.System);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotBeMade(path, exception);
        }
    }

    /// <summary>Opens its journal for writing, and removes what a writer that was killed left half written.</summary>
    /// <exception cref="InputException">See <see cref="Journal.Open"/>.</exception>
    public Journal OpenJournal() => OpenJournal(Journal.DefaultName);

    /// <summary>Opens one of its journals for writing.</summary>
    /// <param name="name">See <see cref="Journal.Open"/>.</param>
    /// <exception cref="InputException">See <see cref="Journal.Open"/>.</exception>
    public Journal OpenJournal(string name)
    {
        var journal = Journal.Open(Path, name, files, clock);
        if (name != Journal.DefaultName) return journal;        // what stands half written may be another share's
        try
        {
            foreach (var place in new[] { Path, System.IO.Path.Combine(Path, ItemTexts.Folder), System.IO.Path.Combine(Path, "figures") }) AtomicFile.DiscardLeft(place, files);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Removes what opening the folder and its journal made, where no trial was finished and nobody else writes: a run that bad input
    /// ended leaves nothing behind. Its journal must be closed. What cannot be removed stays.</summary>
    public void RemoveIfUnused()
    {
        var path = System.IO.Path.Combine(Path, Journal.DefaultName);
        Attempt(() =>
        {
            // Held meanwhile: another process may have begun, and what is its own now was absent when this one looked.
            using var alone = JournalLock.TryHold(path, files);
            if (alone is null || new FileInfo(path) is { Exists: true, Length: > 0 }) return;
            foreach (var file in absentFiles) Attempt(() => files.Delete(file));
        });
        Attempt(() =>
        {
            foreach (var folder in madeFolders) files.DeleteFolder(folder);     // one that holds anything stays, and those above it
        });
    }

    /// <summary>Writes <c>environment.json</c>; that of the first of several runs on one folder stays, with the digests of later ones added.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void WriteEnvironment(RunEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var known = ReadEnvironment(Path);
        var added = environment.Digests.Where(digest => known is null || !known.Digests.ContainsKey(digest.Key)).ToArray();
        if (known is not null && added.Length == 0) return;
        var digests = new SortedDictionary<string, string>((known?.Digests.Concat(added) ?? added).ToDictionary(), StringComparer.Ordinal);
        WriteJson(Environment, (known ?? environment) with { Digests = digests });
    }

    /// <summary>The <c>environment.json</c> of a run's folder; null where there is none that can be read.</summary>
    public static RunEnvironment? ReadEnvironment(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<RunEnvironment>(File.ReadAllBytes(System.IO.Path.Combine(folder, Environment)), TrialJson.Options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;        // nothing is computed from it
        }
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="name">Its name in the folder, e.g. <c>plan.yaml</c>.</param>
    /// <param name="bytes">All that it shall hold.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Write(string name, ReadOnlySpan<byte> bytes) => AtomicFile.Write(System.IO.Path.Combine(Path, name), bytes, files);

    /// <summary>Writes a value as indented JSON with snake-case names, e.g. <c>environment.json</c> or <c>search.json</c>.</summary>
    /// <param name="name">Its name in the folder.</param>
    /// <param name="value">A record.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void WriteJson<T>(string name, T value) => Write(name, Json(value));

    /// <summary>The bytes that <see cref="WriteJson"/> writes.</summary>
    internal static byte[] Json<T>(T value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, Indented), (byte)'\n'];

    /// <summary>Removes a file; one that is not there is left alone.</summary>
    /// <param name="name">Its name in the folder.</param>
    /// <exception cref="InputException">It cannot be removed.</exception>
    public void Delete(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        if (!File.Exists(path)) return;
        try
        {
            files.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected a file that can be removed, found: {exception.Message}", "name an --out that can be written to", exception);
        }
    }

    // Two processes may find the same name free; the one that makes the lock's file has it.
    private bool Claim()
    {
        try
        {
            return JournalLock.TryMake(System.IO.Path.Combine(Path, Journal.DefaultName), files);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            RemoveIfUnused();
            throw CannotBeMade(Path, exception);
        }
    }

    private static InputException CannotBeMade(string path, Exception exception) =>
        new(path, $"expected a folder for the run, found: {exception.Message}", "name another --out", exception);

    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static IEnumerable<string> FoldersFrom(string path)
    {
        for (var folder = path; folder is { Length: > 0 }; folder = System.IO.Path.GetDirectoryName(folder)) yield return folder;
    }

    private static string FileName(string text) =>
        string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '-'));
}
