using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Experiments;

/// <summary>Which items of which task, and how matrices are decomposed for it.</summary>
/// <param name="Variant">The task and protocol.</param>
/// <param name="Data">Folder with one folder a task; null where none is named.</param>
/// <param name="Size">How much of it.</param>
/// <param name="WantedSvd">What was asked for; null for the protocol's own.</param>
public sealed record TaskSettings(TaskVariant Variant, string? Data, SampleSize Size, SvdKind? WantedSvd = null)
{
    /// <summary>How matrices are decomposed: exactly, but under the authors' protocol as their code does it.</summary>
    public SvdKind Svd => WantedSvd ?? (Variant.Protocol == Protocol.Authors ? SvdKind.Randomized : SvdKind.Exact);

    /// <summary>Seed of the rows, and of a randomised decomposition.</summary>
    public long Seed => Size.Seed ?? Variant.Seed;

    /// <summary>Draws and renders the items.</summary>
    /// <exception cref="Formats.InputException">Data missing or malformed, or more demonstrations than were sampled.</exception>
    public Sample Draw() => Sampler.Draw(Variant, Data, Size);
}
