using System.Collections.Immutable;
using Eckart.Models;

namespace Eckart.Training.Regression;

/// <summary>Which functions are learnt, and how a model reads them: as mixtures of d + 2 tokens.</summary>
/// <remarks>
/// <para>A position that holds x is Σⱼ xⱼ · token j, one that holds y is y · token d, and both hold token d + 1 once. So the rows of the embedding are the directions
/// in which coordinates are read in, its last row is their bias, and row d of the head reads the prediction of y at the position of its x; the head's other rows mean nothing.
/// The checkpoint is thereby one of its family like any other.</para>
/// <para><b>Source</b>: Garg et al. 2022, arXiv 2208.01066, Section 3 and Appendix A. <b>Deviation</b>: no learned positions, as these families have rotary ones; the curriculum
/// takes a share of the steps.</para>
/// </remarks>
public sealed record RegressionRecipe
{
    /// <summary>Tokens beside the coordinates of x: one for y, and one that every position holds.</summary>
    private const int OtherTokens = 2;

    internal const int MostDimensions = 64;
    private const int MostPoints = 512;

    /// <summary>d: numbers of an x.</summary>
    public int Dimensions { get; init; } = 5;

    /// <summary>Points of a sequence: the last y is predicted from all before it.</summary>
    public int Points { get; init; } = 15;

    /// <summary>Share of the steps over which coordinates and points grow from a quarter to all, in equal strides.</summary>
    public double Curriculum { get; init; } = 0.15;

    internal int Vocabulary => Dimensions + OtherTokens;

    internal int Positions => PositionsOf(Points);

    /// <summary>What of the recipe makes no sense, a line each; empty where all does.</summary>
    public ImmutableArray<string> Problems() =>
    [
        .. new (bool Wrong, string Line)[]
        {
            (Dimensions is < 1 or > MostDimensions, $"dim: expected 1 to {MostDimensions}, found {Dimensions}"),
            (Points is < 2 or > MostPoints, $"points: expected 2 to {MostPoints}, found {Points}"),
            (Curriculum is not (>= 0 and <= 1), FormattableString.Invariant($"curriculum: expected a share from 0 to 1, found {Curriculum}")),
        }.Where(one => one.Wrong).Select(one => one.Line),
    ];

    /// <summary>The recipe by whose shapes a model was made, or null where it cannot have been.</summary>
    /// <param name="spec">Of the model.</param>
    public static RegressionRecipe? Of(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var recipe = new RegressionRecipe { Dimensions = spec.Vocabulary - OtherTokens, Points = (spec.MaxPositions + 1) / 2 };
        return recipe.Problems().IsEmpty && recipe.Positions == spec.MaxPositions && !spec.TiedHead ? recipe : null;
    }

    /// <summary>Coordinates in use at a step.</summary>
    internal int DimensionsAt(long step, long steps) => Grown(Dimensions, step, steps);

    /// <summary>Points in use at a step.</summary>
    internal int PointsAt(long step, long steps) => Math.Max(2, Grown(Points, step, steps));

    /// <summary>Writes a sample as a model reads it, the last y apart.</summary>
    /// <param name="sample">Of this recipe's dimensions, and at most its points.</param>
    /// <param name="mixtures">(2 · points − 1, V); zero.</param>
    internal void WriteMixtures(FunctionSample sample, Span<float> mixtures)
    {
        for (var position = 0; position < PositionsOf(sample.Points); position++)
        {
            var row = mixtures.Slice(position * Vocabulary, Vocabulary);
            var point = position / 2;
            row[^1] = 1;
            if (position % 2 == 1) row[Dimensions] = sample.Outputs[point];
            else
                for (var j = 0; j < Dimensions; j++) row[j] = sample.Inputs[(point * Dimensions) + j];
        }
    }

    /// <summary>Positions of some points.</summary>
    internal static int PositionsOf(int points) => (2 * points) - 1;

    private int Grown(int all, long step, long steps)
    {
        var (first, growing) = ((all + 3) / 4, Curriculum * steps);
        return step >= growing ? all : first + (int)((all - first + 1) * (step / growing));
    }
}
