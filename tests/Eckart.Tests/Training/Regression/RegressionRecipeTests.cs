using Eckart.Statistics;
using Eckart.Training.Regression;

namespace Eckart.Tests.Training.Regression;

public sealed class RegressionRecipeTests
{
    [Fact]
    public void The_curriculum_of_Gargs_sizes_begins_where_theirs_does_and_ends_with_all()
    {
        var recipe = new RegressionRecipe { Dimensions = 20, Points = 41 };

        Assert.Equal((5, 11), (recipe.DimensionsAt(0, 1000), recipe.PointsAt(0, 1000)));
        Assert.Equal((20, 41), (recipe.DimensionsAt(149, 1000), recipe.PointsAt(149, 1000)));
        Assert.Equal((20, 41), (recipe.DimensionsAt(999, 1000), recipe.PointsAt(999, 1000)));
        int[] all = [.. Enumerable.Range(0, 200).Select(step => recipe.DimensionsAt(step, 1000))];
        Assert.Equal(all.Order(), all);
        Assert.Equal(Enumerable.Range(5, 16), all.Distinct());
    }

    [Fact]
    public void A_position_holds_the_coordinates_or_y_and_always_the_constant()
    {
        var recipe = new RegressionRecipe { Dimensions = 2, Points = 2 };
        var mixtures = new float[3 * 4];

        recipe.WriteMixtures(new FunctionSample(2, [1, 2, 3, 4], [5, 6]), mixtures);

        Assert.Equal([1, 2, 0, 1, 0, 0, 5, 1, 3, 4, 0, 1], mixtures);
    }

    [Fact]
    public void A_model_tells_its_recipe_by_its_shapes()
    {
        var recipe = new RegressionRecipe { Dimensions = 3, Points = 9 };

        var spec = SomeFunctions.Settings().Spec(recipe.Vocabulary, recipe.Positions);

        Assert.Equal(recipe, RegressionRecipe.Of(spec));
        Assert.Null(RegressionRecipe.Of(spec with { Vocabulary = 49152 }));
        Assert.Null(RegressionRecipe.Of(spec with { Vocabulary = 2 }));
        Assert.Null(RegressionRecipe.Of(spec with { MaxPositions = 18 }));
        Assert.Null(RegressionRecipe.Of(spec with { TiedHead = true }));
    }

    [Theory]
    [InlineData(0, 15, "dim: expected 1 to 64, found 0")]
    [InlineData(65, 15, "dim: expected 1 to 64, found 65")]
    [InlineData(5, 1, "points: expected 2 to 512, found 1")]
    public void What_makes_no_sense_is_named(int dimensions, int points, string line) =>
        Assert.Equal([line], new RegressionRecipe { Dimensions = dimensions, Points = points }.Problems());
}
