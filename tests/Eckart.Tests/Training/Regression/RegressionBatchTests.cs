using Eckart.Models;
using Eckart.Training;
using Eckart.Training.Regression;
using static TorchSharp.torch;

namespace Eckart.Tests.Training.Regression;

public sealed class RegressionBatchTests
{
    private const int Functions = 11;
    private static readonly RegressionRecipe Recipe = new() { Dimensions = 3, Points = 9 };

    [Theory]
    [InlineData("llama", 999)]
    [InlineData("gptj", 999)]
    [InlineData("llama", 0)]
    public void Loss_and_gradient_are_what_operators_in_double_give(string family, long step)
    {
        using var scope = NewDisposeScope();
        using var trainable = new TrainableLm(SomeTraining.OddSpec(family) with { Vocabulary = Recipe.Vocabulary }, float32);
        var values = SomeTraining.Parameters(trainable.Layout.Count, seed: 3);
        var batch = new RegressionBatch(Recipe, Functions, seed: 2);
        batch.Draw(step, 1000);
        var (read, outputs) = batch.Part(0, Functions);
        var points = outputs.Length / Functions;
        var wide = values.to(float64).requires_grad_();
        var embedded = tensor(read.ToArray()).view(-1, Recipe.Vocabulary).to(float64).mm(DoubleDecoder.Of(trainable.Layout, wide, Part.Embedding)!);
        var logits = DoubleDecoder.Logits(trainable.Spec, trainable.Layout, wide, embedded, (2 * points) - 1).view(Functions, -1, Recipe.Vocabulary);
        var predictions = logits.slice(1, 0, (2 * points) - 1, 2).select(2, Recipe.Dimensions);
        var expected = (predictions - tensor(outputs.ToArray()).view(Functions, points).to(float64)).square().sum() / Recipe.Dimensions;
        expected.backward();

        using var gradient = new BatchGradient(trainable, values, Functions, workers: 2);
        var loss = gradient.Compute(batch, TestContext.Current.CancellationToken).Loss;

        Assert.Equal(step == 0 ? 3 : 9, points);
        Assert.Equal(expected.item<double>(), loss, 1e-5 * loss);
        using var own = tensor(gradient.Sum.ToArray());
        foreach (var slot in trainable.Layout.Slots)
        {
            var slopes = wide.grad!.narrow(0, slot.Offset, slot.Count);
            var off = (own.narrow(0, slot.Offset, slot.Count).to(float64) - slopes).abs().max().item<double>() / slopes.abs().max().item<double>();
            Assert.True(off <= 1e-4, $"{slot.Part}{(slot.Bias ? " bias" : "")} of layer {slot.Layer} off by {off:g3} of the largest");
        }
    }

    [Fact]
    public void A_step_draws_the_same_functions_whatever_was_drawn_before_and_another_step_others()
    {
        var (once, later) = (new RegressionBatch(Recipe, Functions, seed: 2), new RegressionBatch(Recipe, Functions, seed: 2));
        once.Draw(500, 1000);
        later.Draw(3, 1000);
        later.Draw(500, 1000);

        Assert.Equal(once.Part(0, Functions).Read.ToArray(), later.Part(0, Functions).Read.ToArray());
        later.Draw(501, 1000);
        Assert.NotEqual(once.Part(0, Functions).Read.ToArray(), later.Part(0, Functions).Read.ToArray());
    }

    [Fact]
    public void A_model_that_knows_nothing_has_the_mean_square_of_the_outputs_for_its_loss()
    {
        var batch = new RegressionBatch(Recipe, 2000, seed: 2);
        batch.Draw(999, 1000);

        var expected = batch.Part(0, 2000).Outputs.ToArray().Average(y => (double)y * y / 3);

        Assert.InRange(expected, 0.9, 1.1);
        Assert.Equal(Math.Max(1, expected), batch.LossOfNothing, 1e-9);
    }
}
