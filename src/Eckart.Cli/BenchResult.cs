using System.Text.Json.Nodes;

namespace Eckart.Cli;

/// <summary>What was measured of a case.</summary>
internal sealed record BenchResult(BenchCase Case)
{
    /// <summary>Of the whole case by the reference procedure, scaled from its sample.</summary>
    public required double ReferenceSeconds { get; init; }

    public required int ReferencePasses { get; init; }

    /// <summary>Of each round.</summary>
    public required IReadOnlyList<double> EngineSeconds { get; init; }

    /// <summary>Operations of the whole case by the reference procedure.</summary>
    public required long ReferenceOperations { get; init; }

    /// <summary>Operations that the engine did.</summary>
    public required long EngineOperations { get; init; }

    /// <summary>Operations that have to be done.</summary>
    public required long BoundOperations { get; init; }

    /// <summary>Operations a second of the unedited model's walk.</summary>
    public required double TrunkRate { get; init; }

    /// <summary>Operations a second of plain products in the same minutes.</summary>
    public required double GemmRate { get; init; }

    public required bool PredictionsEqual { get; init; }

    public required int Ties { get; init; }

    public required double LargestDifference { get; init; }

    public required long PeakBytes { get; init; }

    public required string Arithmetic { get; init; }

    public double MedianSeconds => EngineSeconds.Order().ElementAt(EngineSeconds.Count / 2);

    public double Ratio => ReferenceSeconds / MedianSeconds;

    public double Limit => (double)ReferenceOperations / BoundOperations;

    public double BoundShare => BoundOperations / (MedianSeconds * GemmRate);

    public double TrunkShare => TrunkRate / GemmRate;

    public JsonObject ToJson() => new()
    {
        ["name"] = Case.Name,
        ["module"] = Case.Module?.Name,
        ["layer"] = Case.Layer,
        ["validation"] = Case.Validation,
        ["test"] = Case.Test,
        ["reference_seconds"] = ReferenceSeconds,
        ["reference_passes"] = ReferencePasses,
        ["engine_seconds"] = MedianSeconds,
        ["engine_rounds"] = JsonOutput.Array(EngineSeconds),
        ["ratio"] = Ratio,
        ["limit"] = Limit,
        ["multiplications"] = new JsonObject { ["reference"] = ReferenceOperations / 2, ["engine"] = EngineOperations / 2, ["bound"] = BoundOperations / 2 },
        ["bound_share"] = BoundShare,
        ["trunk_share"] = TrunkShare,
        ["gemm_gflops"] = GemmRate / 1e9,
        ["predictions_equal"] = PredictionsEqual,
        ["ties"] = Ties,
        ["largest_difference"] = LargestDifference,
        ["peak_megabytes"] = PeakBytes / 1_000_000,
        ["arithmetic"] = Arithmetic,
    };
}
