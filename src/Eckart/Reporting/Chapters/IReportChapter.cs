namespace Eckart.Reporting.Chapters;

/// <summary>One kind of thing that a report says. A new kind of run adds a chapter, and nothing else.</summary>
internal interface IReportChapter
{
    /// <summary>Its sections; none where the runs give it nothing to say.</summary>
    IEnumerable<ReportSection> Of(ReportData data);
}
