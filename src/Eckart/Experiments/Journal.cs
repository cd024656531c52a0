using System.Globalization;
using System.Text;
using Eckart.Formats;

namespace Eckart.Experiments;

/// <summary>The append-only <c>trials.jsonl</c> of a run, open for the one process that may write it. Safe to call from several threads.</summary>
/// <remarks>A line counts once its end is written; one that was cut short is dropped and its trial run again, so that a run
/// killed at any byte resumes to the same file. Seconds go to <c>timings.jsonl</c> beside it, which nothing is computed from.</remarks>
public sealed class Journal : IDisposable
{
    /// <summary>The file's name unless shards have one each.</summary>
    public const string DefaultName = "trials.jsonl";

    private readonly Lock writing = new();
    private LineSet kept = new();
    private Dictionary<string, LinePlace> written = [];     // where lines stand that were written here, by id: what others wrote may read the same and be spelt otherwise
    private readonly AppendOnlyFile lines;
    private readonly AppendOnlyFile timings;
    private readonly JournalLock onlyWriter;
    private readonly FileCalls files;
    private readonly ITimer later;
    private bool unflushed;                     // whether a line may not be on the disk yet
    private bool due;                           // whether the timer is set
    private InputException? failed;             // why the last flush did not bring it there

    private Journal(JournalLock onlyWriter, AppendOnlyFile lines, AppendOnlyFile timings, FileCalls files, JournalFile found, TimeProvider clock)
    {
        (this.onlyWriter, this.lines, this.timings, this.files) = (onlyWriter, lines, timings, files);
        foreach (var (where, line) in found.Lines) kept.Add(where, line);
        (Dropped, unflushed) = (found.Dropped, found.Lines.Count > 0);
        later = clock.CreateTimer(_ => FlushLater(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Each line once, in the file's order.</summary>
    public IReadOnlyList<IJournalLine> Lines
    {
        get
        {
            lock (writing) return kept.Lines;
        }
    }

    /// <summary>Those that are trials.</summary>
    public IReadOnlyList<Trial> Trials => [.. Lines.OfType<Trial>()];

    /// <summary>How many lines there are.</summary>
    public int Count
    {
        get
        {
            lock (writing) return kept.Count;
        }
    }

    /// <summary>Called with each line that is added, before the next one can be; null for nobody.</summary>
    public Action<IJournalLine>? Appended { get; set; }

    /// <summary>Bytes of a torn last line that opening cut off; 0 where there was none.</summary>
    public long Dropped { get; }

    /// <summary>Opens the journal of a folder, which is made if need be, and reads what is there.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="name">The file; a shard's own is <c>trials-3-of-64.jsonl</c> or the like, and its timings <c>timings-3-of-64.jsonl</c>.</param>
    /// <param name="files">The file system; <see cref="FileCalls.Disk"/> unless given.</param>
    /// <param name="clock">Tells others since when it is written, and when lines are to be brought onto the disk; the system's unless given.</param>
    /// <exception cref="InputException">Another process is writing it, and which; it cannot be written; a line is damaged or foreign;
    /// a trial stands twice with other numbers.</exception>
    public static Journal Open(string folder, string name = DefaultName, FileCalls? files = null, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!name.StartsWith("trials", StringComparison.Ordinal) || !name.EndsWith(".jsonl", StringComparison.Ordinal))
            throw new ArgumentException($"A journal is called trials*.jsonl, not {name}.", nameof(name));

        files ??= FileCalls.Disk;
        var path = Path.Combine(folder, name);
        var opened = new Stack<IDisposable>();
        try
        {
            if (File.Exists(path) && !JournalLock.IsThere(path)) Read(folder);       // what no run has left is refused before anything is made beside it
            files.MakeFolder(folder);
            clock ??= TimeProvider.System;
            var onlyWriter = Opened(JournalLock.Take(path, files, clock));
            var lines = Opened(new AppendOnlyFile(path, files));
            var found = lines.Read(stream => JournalFile.Read(stream, path));
            var timings = Opened(new AppendOnlyFile(TimingsOf(folder, name), files));
            var journal = new Journal(onlyWriter, lines, timings, files, found, clock);
            lines.CutTo(found.Length);
            timings.CutTo(timings.Read(AppendOnlyFile.WholeLines));
            return journal;
        }
        catch (Exception exception)
        {
            while (opened.TryPop(out var file)) file.Dispose();
            if (exception is IOException or UnauthorizedAccessException) throw AppendOnlyFile.CannotBeWritten(path, exception);
            throw;
        }

        T Opened<T>(T file)
            where T : IDisposable
        {
            opened.Push(file);
            return file;
        }
    }

    /// <summary>The files that opening the journal of a folder makes where they are missing.</summary>
    /// <param name="folder">The run's folder.</param>
    internal static IEnumerable<string> FilesIn(string folder)
    {
        var path = Path.Combine(folder, DefaultName);
        return [path, TimingsOf(folder, DefaultName), .. JournalLock.FilesOf(path)];
    }

    /// <summary>Reads all journals of a folder, <c>trials*.jsonl</c>, whether or not somebody is writing them.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <exception cref="InputException">No journal there; a line is damaged or foreign; a trial stands twice with other numbers.</exception>
    public static JournalContents Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string[] paths = Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "trials*.jsonl").Order(StringComparer.Ordinal)] : [];
        if (paths.Length == 0) throw new InputException(folder, "expected a run's folder with trials*.jsonl, found none", "name the --out of a run");

        var (all, dropped) = (new LineSet(), 0L);
        foreach (var path in paths)
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var file = JournalFile.Read(stream, path);
            foreach (var (where, line) in file.Lines) all.Add(where, line);
            dropped += file.Dropped;
        }

        return new JournalContents(all.Lines, dropped);
    }

    /// <summary>The line with this id, or null where it has yet to be run.</summary>
    /// <param name="id">Of a line.</param>
    public IJournalLine? Find(string id)
    {
        lock (writing) return kept.Find(id);
    }

    /// <summary>Appends a line; when this returns, it is the system's, and after <see cref="FileCalls.Unflushed"/> on the disk. One that is there with the same numbers is left alone.</summary>
    /// <param name="line">A finished trial or the like.</param>
    /// <param name="elapsed">What it took, for <c>timings.jsonl</c>; below zero, by a clock that was set back, it is written as zero.</param>
    /// <exception cref="InputException">The line is there with other numbers, or the disk is full, or lines before it could not be brought onto it.</exception>
    public void Append(IJournalLine line, TimeSpan elapsed)
    {
        ArgumentNullException.ThrowIfNull(line);
        lock (writing)
        {
            if (kept.Has(lines.Path, line)) return;
            Write(line);
            kept.Add(lines.Path, line);
            var timing = string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{line.Id}}","seconds":{{Math.Max(0, elapsed.TotalSeconds):0.###}}}""");
            timings.Append(Encoding.UTF8.GetBytes(timing), flush: false);
            Appended?.Invoke(line);
        }
    }

    /// <summary>Keeps what a set of queries asks beside the journal, for people who read a report; one that is there is left alone. Only where the journal holds a trial of it.</summary>
    /// <param name="digest">Of the set; see <see cref="TrialKey.Rows"/>.</param>
    /// <param name="items">Makes them, where they are missing.</param>
    /// <exception cref="InputException">The disk is full.</exception>
    internal void KeepItems(string digest, Func<ItemTexts> items)
    {
        lock (writing) ItemTexts.Keep(Path.GetDirectoryName(lines.Path)!, digest, items, files);
    }

    /// <summary>Puts the lines into an order that does not depend on how they came; when this returns, they are on the disk.</summary>
    /// <param name="order">Of the lines.</param>
    /// <exception cref="InputException">The disk is full; the file is as it was.</exception>
    public void Settle(IComparer<IJournalLine> order)
    {
        lock (writing) Replace([.. kept.Lines.Order(order)]);
    }

    /// <summary>Replaces the file as a whole, or not at all.</summary>
    /// <param name="all">Every line that is there among them.</param>
    /// <exception cref="InputException">The disk is full, and the file is as it was; or a line is there with other numbers.</exception>
    internal void Replace(IReadOnlyList<IJournalLine> all)
    {
        lock (writing)
        {
            if (all.SequenceEqual(kept.Lines))
            {
                if (unflushed) lines.Flush();
                unflushed = false;
                return;
            }

            var (replaced, places) = (new LineSet(), new Dictionary<string, LinePlace>());
            foreach (var line in all)
            {
                kept.Has(lines.Path, line);     // or it is refused
                replaced.Add(lines.Path, line);
            }

            try
            {
                lines.Replace(stream => Copy(replaced.Lines, stream, places));
                (kept, written, unflushed) = (replaced, places, false);
            }
            catch
            {
                written.Clear();        // who knows which of the two files is there
                throw;
            }
        }
    }

    /// <summary>Closes the files and lets the next writer in.</summary>
    public void Dispose()
    {
        lock (writing)
        {
            unflushed = false;      // the timer may be about to go off
            later.Dispose();
            lines.Dispose();
            timings.Dispose();
            onlyWriter.Dispose();
        }
    }

    private void Write(IJournalLine line)
    {
        if (failed is { } failure)
        {
            failed = null;
            throw failure;
        }

        var flush = files.Unflushed == TimeSpan.Zero;
        written[line.Id] = lines.Append(line.ToJson(), flush);
        if (flush) return;
        unflushed = true;
        if (!due) later.Change(files.Unflushed, Timeout.InfiniteTimeSpan);
        due = true;
    }

    // A line that was written here is copied: its numbers take longer to write than to read.
    private void Copy(IReadOnlyList<IJournalLine> all, Stream target, Dictionary<string, LinePlace> places)
    {
        var start = 0L;
        foreach (var line in all)
        {
            var bytes = (written.TryGetValue(line.Id, out var place) ? lines.LineAt(place) : null) ?? line.ToJson();
            target.Write([.. bytes, (byte)'\n']);
            places[line.Id] = LinePlace.Of(start, bytes);
            start += bytes.Length + 1;
        }
    }

    // By the timer, where nobody is there to be told: the next line tells.
    private void FlushLater()
    {
        lock (writing)
        {
            due = false;
            if (!unflushed) return;
            try
            {
                lines.Flush();
                unflushed = false;
            }
            catch (InputException failure)
            {
                failed = failure;
                written.Clear();        // what the system could not bring onto the disk it may have forgotten
            }
        }
    }

    private static string TimingsOf(string folder, string name) => Path.Combine(folder, "timings" + name["trials".Length..]);
}
