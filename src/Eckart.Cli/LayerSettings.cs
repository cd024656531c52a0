using System.CommandLine;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Cli;

/// <summary>How Algorithm 1 is to choose a layer.</summary>
internal sealed record LayerSettings(Module Module, int TopK, Aggregate Aggregate, Indicator Indicator)
{
    public static LayerSettings From(ParseResult args) => new(
        args.ModuleOf(),
        args.GetValue(CommonOptions.TopK) is > 0 and var top ? top : throw OptionValues.Refuse("--top-k", "a number above 0", FormattableString.Invariant($"{args.GetValue(CommonOptions.TopK)}")),
        args.OneOf<Aggregate>(CommonOptions.Aggregate),
        args.OneOf<Indicator>(CommonOptions.Indicator));

    /// <summary>Refuses a module of which the model has no matrix, before any spectrum is read.</summary>
    public void CheckAgainst(ModelSpec spec)
    {
        if (Module.In(spec).IsEmpty)
            throw new InputException(CommonOptions.Module.Name, $"expected matrices of {spec.Family.Title} ({string.Join(", ", spec.Projections).ToLowerInvariant()}), found '{Module}'", "name a matrix that the model has");
    }

    public LayerChoice Choose(IEnumerable<MatrixSpectrum> spectra) => LayerChoice.Of(spectra, Module, Indicator, Aggregate, TopK);
}
