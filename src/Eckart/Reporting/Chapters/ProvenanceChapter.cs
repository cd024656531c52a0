using System.Collections.Immutable;
using Eckart.Experiments.Plans;

namespace Eckart.Reporting.Chapters;

/// <summary>What was to be run, and what it ran on. Not when: equal runs have equal reports.</summary>
internal sealed class ProvenanceChapter : IReportChapter
{
    public IEnumerable<ReportSection> Of(ReportData data)
    {
        ImmutableArray<ReportBlock> blocks = [.. data.Runs.SelectMany(Blocks)];
        if (!blocks.IsEmpty) yield return new ReportSection("Plan and environment", blocks);
    }

    private static IEnumerable<ReportBlock> Blocks(RunContents run)
    {
        if (run.Plan is { } plan) yield return new ReportListing($"{run.Title}: the plan as it was run", PlanText.Of(plan));
        if (run.Environment is not { } environment) yield break;
        yield return new ReportTable($"{run.Title}: environment", ["what", "value"],
        [
            ["Eckart", environment.Eckart], ["runtime", environment.Dotnet], ["operating system", environment.OperatingSystem], ["architecture", environment.Architecture],
            ["processors", ReportNumber.Count(environment.Processors)],
            .. environment.Digests.Select(digest => (ImmutableArray<ReportCell>)[$"digest of {digest.Key}", ReportCell.Code(digest.Value)]),
        ]);
    }
}
