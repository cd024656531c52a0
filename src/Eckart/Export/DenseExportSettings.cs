using Eckart.Pruning;

namespace Eckart.Export;

/// <summary>What is to be exported, and what its card says of it.</summary>
public sealed record DenseExportSettings
{
    /// <summary>What is done to the weights; resolved for the model.</summary>
    public required Intervention Intervention { get; init; }

    /// <summary>Which decomposition truncates.</summary>
    public SvdKind Svd { get; init; } = SvdKind.Exact;

    /// <summary>Of the randomised decomposition.</summary>
    public long Seed { get; init; }

    /// <summary>Factors on disk; null for none.</summary>
    public FactorCache? Cache { get; init; }

    /// <summary>Stored type of all tensors, <c>F32</c> or <c>BF16</c>, where the source is a GGUF file: F32 unless given. A folder's tensors keep their own, and null is all that it takes.</summary>
    public string? Type { get; init; }

    /// <summary>Whether a model's folder that is there already is replaced.</summary>
    public bool Replace { get; init; }

    /// <summary>Tensors read at once by so many threads.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>The test that the intervention was chosen and held to; null where there is none.</summary>
    public SearchEvidence? Evidence { get; init; }

    /// <summary>The command line that makes the export, for the card.</summary>
    public required string Command { get; init; }
}
