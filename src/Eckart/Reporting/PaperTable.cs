using System.Collections.Immutable;
using System.Globalization;
using Eckart.Formats.Tables;

namespace Eckart.Reporting;

/// <summary>The paper's tables, in its own order.</summary>
/// <remarks><b>Source</b>: arXiv 2406.03768, Figures 1 and 2, Appendices B.3 and C.5.</remarks>
internal static class PaperTable
{
    private static readonly Dictionary<string, string> Modules = new() { ["MLP"] = "mlp", ["ATTN"] = "attention", ["k_proj"] = "key" };

    /// <summary>Tables 2 to 8: Algorithm 1 on test items.</summary>
    public static ImmutableArray<PaperNumber> Searches { get; } =
        Read("appendix_c5", row => new PaperNumber($"Table {row("table")}", row("model"), row("dataset"), Modules[row("module")], Int(row("layer")), null, Rate(row("optimal_xi")), Number(row("test_before")), Number(row("test_after"))));

    /// <summary>Figures 1 and 2 and B.3: the best rate of a layer, on validation items.</summary>
    public static ImmutableArray<PaperNumber> Peaks { get; } =
    [
        .. Read("figure_1_2_peaks", row => new PaperNumber($"Figure {row("figure")}", row("model"), row("dataset"), Modules[row("module")], Int(row("layer")), Int(row("shots")), null, null, Number(row("peak_validation_metric")))),
        .. Read("appendix_b3", row => new PaperNumber("B.3", row("model"), row("dataset"), Modules[row("module")], Int(row("layer")), null, Rate(row("optimal_xi")), Number(row("before")), Number(row("after")))),
    ];

    private static ImmutableArray<PaperNumber> Read(string name, Func<Func<string, string>, PaperNumber> make) =>
        [.. TableFile.Read($"{name}.csv", () => typeof(PaperTable).Assembly.GetManifestResourceStream($"paper/{name}.csv") ?? throw new InvalidOperationException($"The assembly lacks its resource paper/{name}.csv.")).Select(row => make(column => row.Cells[column].Text))];

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static decimal Rate(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
