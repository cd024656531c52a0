using Eckart.Engine.Arithmetic;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Engine.Walking;

/// <summary>The least work of multiplying one input by one matrix of a layer, for everybody who reads that input.</summary>
/// <param name="spec">Of the model.</param>
/// <param name="svd">Factors of the exact decomposition serve all rates; a randomised one's serve their own.</param>
internal sealed class SiteWork(ModelSpec spec, SvdKind svd)
{
    /// <summary>Operations.</summary>
    /// <param name="projection">The matrix.</param>
    /// <param name="rows">Of the input.</param>
    /// <param name="readers">What each does to the layer; null for nothing. Those that do the same to the matrix share its product.</param>
    public long Of(Projection projection, long rows, IEnumerable<LayerEdit?> readers)
    {
        var shape = spec.ShapeOf((Part)projection);
        var (outputs, inputs) = (shape[0], shape[1]);
        var edits = new HashSet<(int Rank, bool Beside)>();
        var plain = false;
        foreach (var edit in readers)
        {
            if (edit?.RateOf(projection) is not { } rate) plain = true;
            else edits.Add((rate.KeptRank(outputs, inputs), edit.IsBeside(projection)));
        }

        var beside = (outputs * inputs) + Edited(outputs, inputs, edits, plain: true);
        return 2 * rows * (plain ? beside : Math.Min(beside, Edited(outputs, inputs, edits, plain: false)));
    }

    // A row's multiplications. Where the unedited product is computed, a small cut can be taken from it.
    private long Edited(long outputs, long inputs, IReadOnlyCollection<(int Rank, bool Beside)> edits, bool plain) => svd == SvdKind.Exact
        ? Shared(outputs, inputs, Math.Min(outputs, inputs), edits, plain)
        : edits.Sum(edit => Shared(outputs, inputs, edit.Rank, [edit], plain));

    // Truncations that have their factors in common: Right · x is taken once, as far as any of them wants it.
    private static long Shared(long outputs, long inputs, long terms, IEnumerable<(int Rank, bool Beside)> edits, bool plain)
    {
        var (work, leading, trailing) = (0L, 0L, terms);
        foreach (var (rank, beside) in edits)
        {
            switch (TruncatedWeight.FormOf(outputs, inputs, terms, rank, beside && plain))
            {
                case TruncatedForm.Dense:
                    work += outputs * inputs;
                    break;
                case TruncatedForm.Factored:
                    work += outputs * rank;
                    leading = Math.Max(leading, rank);
                    break;
                default:
                    work += outputs * (terms - rank);
                    trailing = Math.Min(trailing, rank);
                    break;
            }
        }

        return work + (inputs * (leading + terms - Math.Max(leading, trailing)));
    }
}
