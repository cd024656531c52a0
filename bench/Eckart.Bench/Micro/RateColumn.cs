using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Eckart.Bench.Micro;

/// <summary>Work a second, e.g. <c>120.5 GFLOP/s</c>.</summary>
internal sealed class RateColumn : IColumn
{
    public string Id => nameof(RateColumn);

    public string ColumnName => "Rate";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Statistics;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => "work a second: FLOP multiplications and additions, N numbers, B bytes";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        if (summary[benchmarkCase]?.ResultStatistics is not { } time) return "?";
        var type = benchmarkCase.Descriptor.Type;
        var measured = (IMeasuredWork)Activator.CreateInstance(type)!;
        foreach (var parameter in benchmarkCase.Parameters.Items) type.GetProperty(parameter.Name)!.SetValue(measured, parameter.Value);
        // Times are in nanoseconds: a unit of work in one is 10⁹ a second.
        var giga = measured.Work / time.Median;
        return giga >= 0.1
            ? string.Create(CultureInfo.InvariantCulture, $"{giga:0.0} G{measured.Unit}/s")
            : string.Create(CultureInfo.InvariantCulture, $"{giga * 1000:0.0} M{measured.Unit}/s");
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
}
