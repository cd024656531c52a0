using Eckart.Tests.Support;
using Eckart.Theory;

namespace Eckart.Tests.Theory;

/// <summary>Input that no formula is about.</summary>
public sealed class TheoryRefusalTests
{
    private static readonly RealMatrix Square = RealMatrix.Identity(3);
    private static readonly RealMatrix Wide = RealMatrix.Zero(3, 4);

    [Fact]
    public void Weights_of_different_layers_are_refused()
    {
        Refused.With(() => _ = new AttentionWeights(Square, Wide, Wide), "W_K", "expected 3 columns as W_V has, found (3, 4)", "give matrices of one layer");
        Refused.With(() => _ = new AttentionWeights(Square, Square, Wide), "W_Q", "expected (3, 3) as W_K is, found (3, 4)");
        Refused.With(() => _ = new MultiHeadWeights(new AttentionWeights(Square, Square, Square), Square, 2), "heads", "divides 3 and 3 rows, found 2");
        Refused.With(() => _ = new MultiHeadWeights(new AttentionWeights(Square, Square, Square), Wide, 1), "W_O", "expected 3 columns", "found 4");
    }

    [Fact]
    public void A_test_token_of_another_size_is_refused() => Refused.With(() => _ = new TokenContext(Wide, [1, 2]), "test token", "expected 3 numbers as in a demonstration, found 2");

    [Fact]
    public void Another_number_of_states_than_layers_is_refused()
    {
        Refused.With(() => Trajectory.Through(SomeLayer.Stack(1, 2), [SomeLayer.Demonstrations(1)]), "trajectory", "found 2 layers and 1 states");
        Refused.With(() => Trajectory.Of([], SomeLayer.Demonstrations(1)), "found 0 layers and 0 states");
    }

    [Fact]
    public void One_demonstration_has_no_covariance() =>
        Refused.With(() => BoundTerm.Of(SomeLayer.Step(1, count: 1), 1), "demonstrations", "expected N of at least 2, as C_t divides by N − 1, found 1", "give more demonstrations");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(6)]
    public void More_or_fewer_demonstrations_than_there_are_cannot_be_given(int given) =>
        Refused.With(() => BoundTerm.Of(SomeLayer.Step(1), given), "demonstrations given", "expected b from 1 to N = 5", $"found {given}");

    [Theory]
    [InlineData(0)]
    [InlineData(-1e-3)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Epsilon_is_above_0(double epsilon)
    {
        var term = BoundTerm.Of(SomeLayer.Step(1), 2);

        Refused.With(() => new GeneralizationBound(epsilon).Of([term], BoundForm.Printed), "epsilon", "expected a number above 0", "compare bounds of one ε only");
    }

    [Fact]
    public void Gradient_factors_belong_to_demonstrations() =>
        Refused.With(() => _ = new GradientFactors(Square, Wide), "gradient factors", "a left and a right column a demonstration", "found 3 and 4");

    [Fact]
    public void A_state_with_a_NaN_is_refused_with_its_place() =>
        Refused.With(() => RealMatrix.Of(2, 2, [1, 2, double.NaN, 4]), "matrix, row 1, column 0", "expected a finite number, found NaN", "look at the state that it was captured from");

    [Fact]
    public void Ranks_that_no_truncation_has_are_refused()
    {
        Refused.With(() => SomeLayer.Weights(1).Truncated(0, AttentionMatrix.Value), "rank", "expected at least 1, found 0");
        Refused.With(() => IllConditioning.ConditionNumber(Square, 4), "rank", "expected 1 to 3, found 4");
        Refused.With(() => new IllConditioning(1, 0).Solve(1, 1), "eigenvalues");
    }

    [Fact]
    public void Bounds_compare_like_with_like() =>
        Refused.With(() => new GeneralizationBound(1e-3).Of([[BoundTerm.Of(SomeLayer.Step(1), 2)], [BoundTerm.Of(SomeLayer.Step(1, count: 6), 2)]], BoundForm.Printed), "bound", "equally many layers and demonstrations");
}
