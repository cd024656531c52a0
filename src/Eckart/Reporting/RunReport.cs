using System.Text;
using Eckart.Formats;
using Eckart.Reporting.Chapters;
using Eckart.Reporting.Page;

namespace Eckart.Reporting;

/// <summary>Runs as tables, figures and a page, made from their folders alone: <c>report.html</c>, <c>report.md</c>, <c>results.csv</c>, <c>figures/</c>.</summary>
public sealed class RunReport
{
    // What sums up comes first, on the page before the table of all trials.
    private static readonly IReportChapter[] Leading = [new OverviewChapter(), new SearchChapter(), new SpectraChapter(), new FunctionsChapter(), new TransferChapter(), new BestRateChapter(), new OrderChapter()];
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

    /// <summary>Writes everything; each file is whole or as it was.</summary>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public void Write()
    {
        var figures = Path.Combine(into, "figures");
        try
        {
            Directory.CreateDirectory(figures);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(figures, $"expected a folder for the figures, found: {exception.Message}", "name another --out", exception);
        }

        foreach (var (file, csv) in ResultsTable.Of(Data)) AtomicFile.Write(Path.Combine(into, file), Encoding.UTF8.GetBytes(csv));
        AtomicFile.Write(Path.Combine(into, "report.md"), Encoding.UTF8.GetBytes(Markdown()));
        AtomicFile.Write(Path.Combine(into, "report.html"), Html());
        Draw(figures);
    }

    // Most of the time goes into drawing.
    private void Draw(string folder)
    {
        var drawn = Sections.SelectMany(section => section.Blocks).OfType<ReportFigure>().ToArray();
        if (drawn.GroupBy(figure => figure.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice) throw new InvalidOperationException($"{twice.Count()} figures would be written to {twice.Key}.svg.");
        try
        {
            Parallel.ForEach(drawn, figure =>
            {
                AtomicFile.Write(Path.Combine(folder, figure.Name + ".png"), figure.Png());
                AtomicFile.Write(Path.Combine(folder, figure.Name + ".svg"), figure.Svg());
            });
        }
        catch (AggregateException several) when (several.InnerExceptions.OfType<InputException>().FirstOrDefault() is { } first)
        {
            throw first;
        }
    }

    /// <summary>The report as Markdown.</summary>
    public string Markdown() => MarkdownReport.Of(Title, Sections);

    /// <summary>The report as one page, UTF-8.</summary>
    public byte[] Html() => HtmlPage.Of(Title, [.. leading, .. following], leading.Length, Data);
}
