using Eckart.Models;
using Eckart.Tests.Support;
using Eckart.Training;

namespace Eckart.Tests.Training;

public sealed class TrainerTests
{
    private static readonly RepeatedTexts Texts = new();
    private static readonly string Tokenizer = TinyModel.Tokenizer().ToJsonString();

    [Theory]
    [InlineData("llama")]
    [InlineData("gptj")]
    public void A_model_learns_to_repeat(string family)
    {
        using var folder = new TemporaryFolder();

        var curve = Train(folder, "model", SomeTraining.Settings(family) with { Steps = 400 });

        Assert.InRange(curve.Points[0].Loss, 0.8 * Math.Log(Texts.Vocabulary), 1.1 * Math.Log(Texts.Vocabulary));
        Assert.InRange(curve.Points[^1].Loss, 0, 0.3);
        Assert.InRange(curve.Points[^1].Accuracies[0], 0.95, 1);
        using var checkpoint = Checkpoint.Open(Path.Combine(folder.Path, "model"));
        Assert.Equal(family, checkpoint.Spec.Family.ModelType);
    }

    [Fact]
    public void The_files_do_not_depend_on_the_number_of_workers()
    {
        using var folder = new TemporaryFolder();

        Train(folder, "one", SomeTraining.Settings(), workers: 1);
        Train(folder, "three", SomeTraining.Settings(), workers: 3);

        Assert.Equal(Files(folder, "one"), Files(folder, "three"));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(47)]
    public void A_training_that_was_stopped_ends_in_the_same_bytes(int stopAfter)
    {
        using var folder = new TemporaryFolder();
        Train(folder, "undisturbed", SomeTraining.Settings());

        using (var trainer = Open(folder, "stopped", SomeTraining.Settings()))
        using (var stop = new CancellationTokenSource())
        {
            var steps = 0;
            Assert.Throws<OperationCanceledException>(() => trainer.Run(onStep: () => { if (++steps == stopAfter) stop.Cancel(); }, cancellation: stop.Token));
        }

        Train(folder, "stopped", SomeTraining.Settings());

        Assert.Equal(Files(folder, "undisturbed"), Files(folder, "stopped"));
    }

    [Fact]
    public void Any_checkpoint_goes_on_to_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        Train(folder, "model", SomeTraining.Settings());
        var whole = Files(folder, "model");

        foreach (var later in Directory.GetFiles(Path.Combine(folder.Path, "model", "checkpoints")).Order().Skip(1)) File.Delete(later);
        Train(folder, "model", SomeTraining.Settings());

        Assert.Equal(whole, Files(folder, "model"));
    }

    [Fact]
    public void A_folder_of_other_settings_is_refused_with_the_differences()
    {
        using var folder = new TemporaryFolder();
        Open(folder, "model", SomeTraining.Settings()).Dispose();

        Refused.With(
            () => Open(folder, "model", SomeTraining.Settings() with { LearningRate = 0.5, Seed = 9 }),
            "training.json", "learning_rate 0.01 there, 0.5 asked for; seed 1 there, 9 asked for", "name another --out");
    }

    [Fact]
    public void Other_texts_are_other_settings()
    {
        using var folder = new TemporaryFolder();
        Open(folder, "model", SomeTraining.Settings()).Dispose();

        Refused.With(() => Trainer.Open(Path.Combine(folder.Path, "model"), SomeTraining.Settings(), new RepeatedTexts(period: 5), [new RepetitionExam()], 1), "texts.repeat 4 there, 5 asked for");
    }

    [Fact]
    public void A_folder_with_other_files_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        folder.File("model/thesis.txt", "mine");

        Refused.With(() => Open(folder, "model", SomeTraining.Settings()), "expected an empty folder", "name another --out");
        Assert.Equal(["thesis.txt"], Directory.GetFileSystemEntries(Path.Combine(folder.Path, "model")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_loss_that_diverges_ends_the_training_and_names_the_last_good_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var settings = SomeTraining.Settings() with { LearningRate = 1e4, WarmUp = 50, Clip = 1e9 };
        using var trainer = Open(folder, "model", settings with { CheckpointEvery = 10 });

        Refused.With(() => trainer.Run(), "expected a loss below 5.0", "at step ", "take a lower learning rate");
        Assert.True(trainer.Steps < settings.Steps);
    }

    [Fact]
    public void Products_in_bfloat16_learn_too()
    {
        using var folder = new TemporaryFolder();

        var curve = Train(folder, "model", SomeTraining.Settings() with { Steps = 400, DType = "bf16" });

        Assert.InRange(curve.Points[^1].Loss, 0, 0.3);
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused()
    {
        using var folder = new TemporaryFolder();

        Refused.With(() => Open(folder, "model", SomeTraining.Settings("bert")), "family: expected one of llama, gptj", "'bert'");
        Refused.With(() => Open(folder, "model", SomeTraining.Settings() with { Heads = 3 }), "heads: expected heads of an even size, found width 32 over 3 heads");
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "model")));
    }

    private static Trainer Open(TemporaryFolder folder, string name, TrainingSettings settings, int workers = 2) =>
        Trainer.Open(Path.Combine(folder.Path, name), settings, Texts, [new RepetitionExam()], workers);

    private static Curve Train(TemporaryFolder folder, string name, TrainingSettings settings, int workers = 2)
    {
        using var trainer = Open(folder, name, settings, workers);
        trainer.Run(cancellation: TestContext.Current.CancellationToken);
        trainer.WriteModel(Tokenizer);
        return trainer.Curve;
    }

    private static string[] Files(TemporaryFolder folder, string name)
    {
        var path = Path.Combine(folder.Path, name);
        return [.. Directory.GetFiles(path, "*", SearchOption.AllDirectories).Order().Select(file => $"{Path.GetRelativePath(path, file)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")];
    }

    // What comes after two rounds of four tokens: the third round's first, or another.
    private sealed class RepetitionExam : IExam
    {
        public string Name => "repetition";

        public IReadOnlyList<int> Shots => [1, 2];

        public IReadOnlyList<ExamQuestion> Questions(int shots) =>
        [
            .. Enumerable.Range(0, 40).Select(i =>
            {
                int[] round = [i % 12, (i + 5) % 12, (i * 7 + 1) % 12, (i + 2) % 12];
                return new ExamQuestion([.. Enumerable.Repeat(round, shots + 1).SelectMany(token => token)], [[(i + 3) % 12, round[1]], [round[0], round[1]]], 1);
            }),
        ];
    }
}
