using System.Collections.Concurrent;
using System.Text;
using Eckart.Formats;
using Eckart.Reporting.Chapters;
using Eckart.Reporting.Page;

namespace Eckart.Reporting;

/// <summary>Runs as tables, figures and a page, made from their folders alone: <c>report.html</c>, <c>report.md</c>, <c>results.csv</c>, <c>figures/</c>.</summary>
public sealed class RunReport
{
    // What sums up comes first, on the page before the table of all trials.
    private static readonly IReportChapter[] Leading = [new OverviewChapter(), new SearchChapter(), new SpectraChapter(), new FunctionsChapter(), new TransferChapter(), new BestRateChapter(), new OrderChapter(), new BestEditChapter()];
    private static readonly IReportChapter[] Following = [new SweepChapter(), new PaperChapter(), new ProvenanceChapter()];

    private readonly string into;
    private readonly ReportSection[] leading;
    private readonly ReportSection[] following;

    private RunReport(ReportData data, string into)
    {
        (Data, this.into) = (data, into);
        leading = [.. Leading.SelectMany(chapter => chapter.Of(data))];
        following = [.. Following.SelectMany(chapter => chapter.Of(data))];
    }

    /// <summary>What it is of.</summary>
    public ReportData Data { get; }

    /// <summary>Trials that it is of.</summary>
    public int Trials => Data.Trials;

    /// <summary>Its sections in order.</summary>
    public IEnumerable<ReportSection> Sections => leading.Concat(following);

    /// <summary>Its heading.</summary>
    public string Title => string.Join("; ", Data.Runs.Select(run => run.Title).Distinct());

    /// <summary>Reads a run's folder, of a run that is going on too; the report goes into it.</summary>
    /// <exception cref="InputException">No run, or anything in it that is malformed.</exception>
    public static RunReport Of(string folder) => Of([folder], folder);

    /// <summary>Reads several runs' folders.</summary>
    /// <param name="folders">At least one.</param>
    /// <param name="into">Where the report goes; made if need be.</param>
    /// <exception cref="InputException">A folder without a run, or anything in one that is malformed.</exception>
    public static RunReport Of(IReadOnlyList<string> folders, string into)
    {
        ArgumentException.ThrowIfNullOrEmpty(into);
        return new RunReport(ReportData.Read(folders), into);
    }

    /// <summary>Writes everything, in an order of its own; each file is whole or as it was.</summary>
    /// <param name="files">The file system; <see cref="FileCalls.Disk"/> unless given.</param>
    /// <exception cref="InputException">A file cannot be written: those before it are new, those after it as they were.</exception>
    public void Write(FileCalls? files = null)
    {
        files ??= FileCalls.Disk;
        var figures = FolderOf("figures", files);
        foreach (var (file, csv) in ResultsTable.Of(Data)) Write(file, Encoding.UTF8.GetBytes(csv), files);
        Write("report.md", Encoding.UTF8.GetBytes(Markdown()), files);
        Write("report.html", Html(), files);
        AtomicFile.DiscardLeft(figures, files);
        foreach (var (name, drawn) in Drawn()) drawn.Save(figures, name, files);
    }

    private void Write(string file, byte[] bytes, FileCalls files)
    {
        AtomicFile.DiscardLeft(into, files, file);        // no more than these: a run may be going on there
        AtomicFile.Write(Path.Combine(into, file), bytes, files);
    }

    private string FolderOf(string name, FileCalls files)
    {
        var folder = Path.Combine(into, name);
        try
        {
            files.MakeFolder(folder);
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(folder, $"expected a folder for the figures, found: {exception.Message}", "make room, or name another --out", exception);
        }
    }

    // Most of the time goes into drawing: it goes on, on all cores, while the files are written one after the other.
    private ParallelQuery<(string Name, FigureFiles Files)> Drawn()
    {
        var figures = Sections.SelectMany(section => section.Blocks).OfType<ReportFigure>().ToArray();
        if (figures.GroupBy(figure => figure.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice) throw new InvalidOperationException($"{twice.Count()} figures would be written to {twice.Key}.svg.");
        return Partitioner.Create(figures, EnumerablePartitionerOptions.NoBuffering).AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.NotBuffered).Select(figure => (figure.Name, figure.Draw()));
    }

    /// <summary>The report as Markdown.</summary>
    public string Markdown() => MarkdownReport.Of(Title, Sections);

    /// <summary>The report as one page, UTF-8.</summary>
    public byte[] Html() => HtmlPage.Of(Title, [.. leading, .. following], leading.Length, Data);
}
