using System.Globalization;
using System.Text.Json;
using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>The folder that keeps everything of a run; every file in it but the journals is written whole or not at all.</summary>
public sealed class RunFolder
{
    private static readonly JsonSerializerOptions Indented = new(TrialJson.Options) { WriteIndented = true, NewLine = "\n" };

    private readonly bool isNew;

    private RunFolder(string path, bool isNew) => (Path, this.isNew) = (path, isNew);

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
            var isNew = !Directory.Exists(path);
            Directory.CreateDirectory(path);
            return new RunFolder(path, isNew);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected a folder for the run, found: {exception.Message}", "name another --out", exception);
        }
    }

    /// <summary>Opens its journal for writing.</summary>
    /// <exception cref="InputException">See <see cref="Journal.Open"/>.</exception>
    public Journal OpenJournal() => Journal.Open(Path);

    /// <summary>Removes the folder if this made it and no trial was finished in it: a run that bad input ended leaves nothing behind.</summary>
    public void RemoveIfUnused()
    {
        var journal = new FileInfo(System.IO.Path.Combine(Path, Journal.DefaultName));
        if (isNew && (!journal.Exists || journal.Length == 0)) Directory.Delete(Path, recursive: true);
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

    private static string FileName(string text) =>
        string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '-'));
}
