using System.Text.Json.Nodes;

namespace Eckart.Cli;

/// <summary>What was measured of a case.</summary>
/// <param name="Case">Which.</param>
internal sealed record BenchResult(BenchCase Case)
{
    /// <summary>Rounds of the engine.</summary>
    public required IReadOnlyList<TimedWork> Engine { get; init; }

    /// <summary>Passes of the reference between them.</summary>
    public required IReadOnlyList<TimedWork> Reference { get; init; }

    /// <summary>The unedited model's walk.</summary>
    public required TimedWork Trunk { get; init; }

    public required int ReferencePasses { get; init; }

    /// <summary>Operations of the whole case by the reference procedure.</summary>
    public required long ReferenceOperations { get; init; }

    /// <summary>Operations that have to be done.</summary>
    public required long BoundOperations { get; init; }

    /// <summary>Of the engine's answers with the reference's.</summary>
    public required Agreement Agreement { get; init; }

    /// <summary>Most memory that the engine and the weights took.</summary>
    public required long PeakBytes { get; init; }

    public required string Arithmetic { get; init; }

    public double EngineSeconds => Median(Engine.Select(round => round.Time.Seconds));

    /// <summary>Of the whole case by the reference procedure, scaled from its sample.</summary>
    public double ReferenceSeconds => Reference.Sum(some => some.Time.Seconds) * ReferenceOperations / Reference.Sum(some => some.Operations);

    public double Ratio => ReferenceSeconds / EngineSeconds;

    /// <summary>The ratio that arithmetic allows, both at the same rate.</summary>
    public double Limit => (double)ReferenceOperations / BoundOperations;

    /// <summary>The time of the operations that have to be done, at the rate of plain products, as a share of the engine's.</summary>
    public double BoundShare => Median(Engine.Select(round => BoundOperations / round.Possible));

    public double TrunkShare => Trunk.Operations / Trunk.Possible;

    /// <summary>The rate of the reference as a share of that of plain products.</summary>
    public double ReferenceShare => Reference.Sum(some => some.Operations) / Reference.Sum(some => some.Possible);

    public double GemmRate => Median(Engine.Concat(Reference).Append(Trunk).Select(some => some.Rate.PerSecond));

    public JsonObject ToJson() => new()
    {
        ["name"] = Case.Name,
        ["module"] = Case.Module?.Name,
        ["layer"] = Case.Layer,
        ["validation"] = Case.Validation,
        ["test"] = Case.Test,
        ["reference_seconds"] = ReferenceSeconds,
        ["reference_passes"] = ReferencePasses,
        ["engine_seconds"] = EngineSeconds,
        ["engine_rounds"] = JsonOutput.Array(Engine.Select(round => round.Time.Seconds)),
        ["ratio"] = Ratio,
        ["limit"] = Limit,
        ["multiplications"] = new JsonObject { ["reference"] = ReferenceOperations / 2, ["engine"] = Engine[0].Operations / 2, ["bound"] = BoundOperations / 2 },
        ["bound_share"] = BoundShare,
        ["trunk_share"] = TrunkShare,
        ["reference_share"] = ReferenceShare,
        ["processor_shares"] = new JsonObject
        {
            ["bound"] = Median(Engine.Select(round => BoundOperations / round.PossibleByProcessors)),
            ["trunk"] = Trunk.Operations / Trunk.PossibleByProcessors,
            ["reference"] = Reference.Sum(some => some.Operations) / Reference.Sum(some => some.PossibleByProcessors),
        },
        ["gemm_gflops"] = GemmRate / 1e9,
        ["predictions_equal"] = Agreement.Equal,
        ["ties"] = Agreement.Ties,
        ["largest_difference"] = Agreement.LargestDifference,
        ["peak_megabytes"] = PeakBytes / 1_000_000,
        ["arithmetic"] = Arithmetic,
    };

    private static double Median(IEnumerable<double> values)
    {
        double[] ascending = [.. values.Order()];
        return ascending[ascending.Length / 2];
    }
}

/// <summary>How an engine's answers compare with the reference's.</summary>
/// <param name="Equal">Whether all predictions are the same, ties aside.</param>
/// <param name="Ties">Queries whose two best choices are closer than 1e-4.</param>
/// <param name="LargestDifference">Of two scores of a choice.</param>
internal sealed record Agreement(bool Equal, int Ties, double LargestDifference);
