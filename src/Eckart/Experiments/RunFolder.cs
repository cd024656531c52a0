using System.Globalization;
using System.Text.Json;
using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>The folder that keeps everything of a run; every file in it but the journals is written whole or not at all.</summary>
public sealed class RunFolder
{
    private static readonly JsonSerializerOptions Indented = new(TrialJson.Options) { WriteIndented = true, NewLine = "\n" };

    private const string Environment = "environment.json";

    private readonly string[] madeFolders;      // the deepest first
    private readonly string[] absentFiles;      // of those that a run makes before its first trial

    private RunFolder(string path)
    {
        Path = path;
        madeFolders = [.. FoldersFrom(System.IO.Path.GetFullPath(path)).TakeWhile(folder => !Directory.Exists(folder))];
        absentFiles = [.. Journal.FilesIn(path).Append(System.IO.Path.Combine(path, Environment)).Where(file => !File.Exists(file))];
        Directory.CreateDirectory(path);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Makes a new folder named after the moment and the work, e.g. <c>runs/20260314T150926Z-cb-search</c>.</summary>
    /// <param name="root">Where runs are kept; made if need be.</param>
    /// <param name="task">The task's name; letters that a file system might object to become <c>-</c>.</param>
    /// <param name="work">The verb.</param>
    /// <param name="clock">Tells the time.</param>
    /// <exception cref="InputException">The folder cannot be made.</exception>
    public static RunFolder Create(string root, string task, string work, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(clock);
        var time = clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var name = System.IO.Path.Combine(root, $"{time}-{FileName(task)}-{FileName(work)}");
        var path = name;
        for (var i = 2; System.IO.Path.Exists(path); i++) path = string.Create(CultureInfo.InvariantCulture, $"{name}-{i}");
        return Open(path);
    }

    /// <summary>Opens a folder that the user named, and makes it if need be.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InputException">It is a file, or cannot be made.</exception>
    public static RunFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return new RunFolder(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected a folder for the run, found: {exception.Message}", "name another --out", exception);
        }
    }

    /// <summary>Opens its journal for writing.</summary>
    /// <exception cref="InputException">See <see cref="Journal.Open"/>.</exception>
    public Journal OpenJournal() => OpenJournal(Journal.DefaultName);

    /// <summary>Opens one of its journals for writing.</summary>
    /// <param name="name">See <see cref="Journal.Open"/>.</param>
    /// <exception cref="InputException">See <see cref="Journal.Open"/>.</exception>
    public Journal OpenJournal(string name) => Journal.Open(Path, name);

    /// <summary>Removes what opening the folder and its journal made, where no trial was finished: a run that bad input ended leaves nothing behind.</summary>
    public void RemoveIfUnused()
    {
        if (new FileInfo(System.IO.Path.Combine(Path, Journal.DefaultName)) is { Exists: true, Length: > 0 }) return;
        foreach (var file in absentFiles) File.Delete(file);
        foreach (var folder in madeFolders) Directory.Delete(folder);
    }

    /// <summary>Writes <c>environment.json</c>; that of the first of several runs on one folder stays.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void WriteEnvironment(RunEnvironment environment)
    {
        if (!File.Exists(System.IO.Path.Combine(Path, Environment))) WriteJson(Environment, environment);
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="name">Its name in the folder, e.g. <c>plan.yaml</c>.</param>
    /// <param name="bytes">All that it shall hold.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Write(string name, ReadOnlySpan<byte> bytes) => AtomicFile.Write(System.IO.Path.Combine(Path, name), bytes);

    /// <summary>Writes a value as indented JSON with snake-case names, e.g. <c>environment.json</c> or <c>search.json</c>.</summary>
    /// <param name="name">Its name in the folder.</param>
    /// <param name="value">A record.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void WriteJson<T>(string name, T value) => Write(name, [.. JsonSerializer.SerializeToUtf8Bytes(value, Indented), (byte)'\n']);

    private static IEnumerable<string> FoldersFrom(string path)
    {
        for (var folder = path; folder is { Length: > 0 }; folder = System.IO.Path.GetDirectoryName(folder)) yield return folder;
    }

    private static string FileName(string text) =>
        string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '-'));
}
