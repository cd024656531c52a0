namespace Eckart.Reporting.Chapters;

/// <summary>The answer.</summary>
internal sealed class OverviewChapter : IReportChapter
{
    public IEnumerable<ReportSection> Of(ReportData data) => [new ReportSection("What came out", [.. Answer.Of(data).Select(sentence => new ReportSentence(sentence))])];
}
