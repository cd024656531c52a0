using Eckart.Models;
using Eckart.Statistics;
using Eckart.Tests.Support;
using Eckart.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Eckart.Tests.Training;

public sealed class TrainableLmTests
{
    private const float Distance = 1e-2f;

    [Theory]
    [InlineData("llama")]
    [InlineData("gptj")]
    public void Logits_are_those_of_the_model_that_its_folder_loads_as(string family)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var spec = SomeTraining.OddSpec(family);
        using var trainable = new TrainableLm(spec, float32);
        var values = SomeTraining.Parameters(trainable.Layout.Count, seed: 3);
        using var shared = trainable.Weights(values);
        using var weights = new Replica(shared);
        using var memory = new WorkMemory();
        int[][] texts = [[.. Enumerable.Range(0, 37).Select(i => i * 7 % 23)], [.. Enumerable.Range(0, 37).Select(i => i * 5 % 22)]];

        var states = trainable.Decoder(weights, 37, memory).Forward(TokenEmbedding.Forward(texts.SelectMany(text => text).ToArray(), weights, memory));
        var logits = trainable.Logits(shared, states, memory).View();
        ModelFolder.Write(folder.Path, spec, values.data<float>().ToArray(), "F32", TinyModel.Tokenizer().ToJsonString());

        using var checkpoint = Checkpoint.Open(folder.Path);
        using var loaded = CausalLm.Load(checkpoint, ComputeOptions.Cpu);
        Assert.Empty(checkpoint.UnusedTensors);
        for (var text = 0; text < texts.Length; text++)
        {
            var expected = loaded.Logits(loaded.HiddenStates(texts[text]));
            var scale = expected.abs().max().item<float>();
            Assert.InRange((logits.narrow(0, text * 37, 37) - expected).abs().max().item<float>(), 0, 1e-5 * Math.Max(1, scale));
        }
    }

    [Theory]
    [InlineData("llama", false)]
    [InlineData("llama", true)]
    [InlineData("gptj", false)]
    public void Loss_and_gradient_are_what_operators_in_double_give(string family, bool tied)
    {
        using var scope = NewDisposeScope();
        using var trainable = new TrainableLm(SomeTraining.OddSpec(family) with { TiedHead = tied }, float32);
        var values = SomeTraining.Parameters(trainable.Layout.Count, seed: 3);
        var batch = new TextBatch(new RepeatedTexts(23, 30, 5, padding: 4), texts: 11);
        batch.Draw(0, 1);
        var (read, next, weights) = batch.Part(0, batch.Texts);
        var wide = values.to(float64).requires_grad_();
        var expected = DoubleDecoder.Loss(trainable.Spec, trainable.Layout, wide, tensor(Array.ConvertAll(read, id => (long)id)).view(batch.Texts, -1), tensor(Array.ConvertAll(next, id => (long)id)), tensor(weights).to(float64));
        expected.backward();

        using var gradient = new BatchGradient(trainable, values, batch.Texts, workers: 2);
        gradient.Compute(batch, TestContext.Current.CancellationToken);      // the second time the memory is used again
        var loss = gradient.Compute(batch, TestContext.Current.CancellationToken).Loss;

        Assert.Contains(0f, weights);
        Assert.Equal(expected.item<double>(), loss, 1e-5 * loss);
        using var own = tensor(gradient.Sum.ToArray());
        foreach (var slot in trainable.Layout.Slots)
        {
            var slopes = wide.grad!.narrow(0, slot.Offset, slot.Count);
            var off = (own.narrow(0, slot.Offset, slot.Count).to(float64) - slopes).abs().max().item<double>() / slopes.abs().max().item<double>();
            Assert.True(off <= 1e-4, $"{slot.Part}{(slot.Bias ? " bias" : "")} of layer {slot.Layer} off by {off:g3} of the largest");
        }
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("gptj")]
    public void The_gradient_is_the_slope_of_the_loss(string family)
    {
        using var scope = NewDisposeScope();
        using var trainable = new TrainableLm(SomeTraining.OddSpec(family), float32);
        var values = SomeTraining.Parameters(trainable.Layout.Count, seed: 3);
        var batch = new TextBatch(new RepeatedTexts(23, 30, 5), texts: 11);
        batch.Draw(0, 1);
        using var gradient = new BatchGradient(trainable, values, batch.Texts, workers: 2);
        var start = gradient.Compute(batch, TestContext.Current.CancellationToken).Loss;
        var slopes = gradient.Sum.ToArray();

        foreach (var slot in trainable.Layout.Slots)
        {
            var direction = Direction(slot, slopes);
            var expected = direction.Select((step, i) => (double)step * slopes[slot.Offset + i]).Sum();
            var measured = (LossAlong(+Distance) - LossAlong(-Distance)) / (2 * Distance);

            // Each loss is a float32 sum: two of them may be off by its last digit.
            var rounding = Math.Pow(2, -23) * start / Distance;
            Assert.True(Math.Abs(measured - expected) <= (0.01 * Math.Abs(expected)) + rounding, $"{slot.Part}{(slot.Bias ? " bias" : "")} of layer {slot.Layer}: {measured:g5} measured, {expected:g5} by the gradient");

            double LossAlong(float distance)
            {
                var place = values.narrow(0, slot.Offset, slot.Count);
                using var step = tensor(direction).mul(distance);
                place.add_(step);
                var loss = gradient.Compute(batch, TestContext.Current.CancellationToken).Loss;
                place.sub_(step);
                return loss;
            }
        }
    }

    // The gradient's own direction with a random change of each number's size: large slopes, and no number is left out.
    private static float[] Direction(ParameterSlot slot, float[] slopes)
    {
        var random = new SplitMix64((ulong)slot.Offset);
        float[] direction = [.. Enumerable.Range(0, (int)slot.Count).Select(i => slopes[slot.Offset + i] * (random.Below(1000) + 500))];
        var length = MathF.Sqrt(direction.Sum(x => x * x));
        return [.. direction.Select(x => x / length)];
    }
}
