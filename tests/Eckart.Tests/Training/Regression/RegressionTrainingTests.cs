using Eckart.Models;
using Eckart.Tests.Support;
using Eckart.Training;
using Eckart.Training.Regression;
using static TorchSharp.torch;

namespace Eckart.Tests.Training.Regression;

public sealed class RegressionTrainingTests
{
    [Theory]
    [InlineData("llama")]
    [InlineData("gptj")]
    public void A_short_training_learns_more_than_averaging_knows(string family)
    {
        using var folder = new TemporaryFolder();
        var settings = SomeFunctions.Settings(family) with { Steps = 1500, Batch = 32, LearningRate = 6e-3, WarmUp = 150 };

        Train(folder, "model", settings);

        using var model = RegressionModel.Load(new KeptModel("model", Path.Combine(folder.Path, "model")), ComputeOptions.Cpu);
        var study = new RegressionStudy(model.Recipe, new RegressionStudySettings(1000, 5, 0.05, 2));
        var (learned, averaged) = (study.Errors(model, Cancellation), study.Errors(new Averaging(), Cancellation));
        Assert.True(learned.MeanInterval.High < 0.7 * averaged.MeanInterval.Low, $"{learned.MeanInterval} on average, averaging {averaged.MeanInterval}");
        Assert.True(learned.MeanInterval.High < 0.8, $"{learned.MeanInterval} on average, 1 without knowing anything");
        Assert.True(learned.Means[^1] < averaged.Means[^1], $"{learned.Means[^1]} after seven examples, averaging {averaged.Means[^1]}");
    }

    [Theory]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(47)]
    public void A_training_that_was_stopped_ends_in_the_same_bytes_whatever_the_number_of_workers(int stopAfter)
    {
        using var folder = new TemporaryFolder();
        Train(folder, "undisturbed", SomeFunctions.Settings());

        using (var trainer = Open(folder, "stopped", SomeFunctions.Settings()))
        using (var stop = new CancellationTokenSource())
        {
            var steps = 0;
            Assert.Throws<OperationCanceledException>(() => trainer.Run(onStep: () => { if (++steps == stopAfter) stop.Cancel(); }, cancellation: stop.Token));
        }

        Train(folder, "stopped", SomeFunctions.Settings(), workers: 3);

        var files = Files(folder, "undisturbed");
        Assert.Equal(files, Files(folder, "stopped"));
        Assert.Contains(files, file => file.StartsWith(Path.Combine("steps", "15", "model.safetensors"), StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_of_other_functions_is_refused_with_the_differences()
    {
        using var folder = new TemporaryFolder();
        Open(folder, "model", SomeFunctions.Settings()).Dispose();

        Refused.With(
            () => RegressionTraining.Open(Path.Combine(folder.Path, "model"), SomeFunctions.Settings(), SomeFunctions.Recipe with { Points = 9 }, 1),
            "training.json", "functions.recipe.points 8 there, 9 asked for", "name another --out");
    }

    [Fact]
    public void A_loss_that_diverges_ends_the_training()
    {
        using var folder = new TemporaryFolder();
        using var trainer = Open(folder, "model", SomeFunctions.Settings() with { LearningRate = 1e4, WarmUp = 50, Clip = 1e9 });

        Refused.With(() => trainer.Run(), "expected a loss below ", "twice that of a model that knows nothing", "take a lower learning rate");
    }

    [Fact]
    public void Kept_steps_must_be_steps_of_the_training()
    {
        using var folder = new TemporaryFolder();

        Refused.With(() => Open(folder, "model", SomeFunctions.Settings() with { Keep = [10, 61] }), "keep: expected steps from 1 to 60, found 10, 61");
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("gptj")]
    public void The_folder_predicts_what_the_trained_representation_does(string family)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var recipe = SomeFunctions.Recipe;
        using var trainable = new TrainableLm(SomeTraining.OddSpec(family) with { Vocabulary = recipe.Vocabulary, MaxPositions = recipe.Positions }, float32);
        var values = SomeTraining.Parameters(trainable.Layout.Count, seed: 3);
        using var shared = trainable.Weights(values);
        using var weights = new Replica(shared);
        using var memory = new WorkMemory();
        var sample = SomeFunctions.Sample(4, recipe.Dimensions, recipe.Points);
        var mixtures = new float[recipe.Positions * recipe.Vocabulary];
        recipe.WriteMixtures(sample, mixtures);
        var states = trainable.Decoder(weights, recipe.Positions, memory).Forward(MixtureEmbedding.Forward(mixtures, weights, memory));
        var logits = trainable.Logits(shared, states, memory);
        ModelFolder.Write(folder.Path, trainable.Spec, TensorMemory.ValuesOf<float>(values), "F32", null);

        using var model = RegressionModel.Load(new KeptModel("model", folder.Path), ComputeOptions.Cpu);
        var predictions = model.Predict(sample);

        for (var i = 0; i < sample.Points; i++) Assert.Equal(logits.Row(2 * i)[recipe.Dimensions], predictions[i], 1e-4);
        Assert.True(predictions.Distinct().Count() == sample.Points);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Trainer Open(TemporaryFolder folder, string name, TrainingSettings settings, int workers = 2) =>
        RegressionTraining.Open(Path.Combine(folder.Path, name), settings, SomeFunctions.Recipe, workers);

    private static void Train(TemporaryFolder folder, string name, TrainingSettings settings, int workers = 2)
    {
        using var trainer = Open(folder, name, settings, workers);
        trainer.Run(cancellation: Cancellation);
        trainer.WriteModel(tokenizer: null);
    }

    private static string[] Files(TemporaryFolder folder, string name)
    {
        var path = Path.Combine(folder.Path, name);
        return [.. Directory.GetFiles(path, "*", SearchOption.AllDirectories).Order().Select(file => $"{Path.GetRelativePath(path, file)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")];
    }
}
