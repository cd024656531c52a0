using System.CommandLine;
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

    public LayerChoice Choose(IEnumerable<MatrixSpectrum> spectra) => LayerChoice.Of(spectra, Module, Indicator, Aggregate, TopK);
}
