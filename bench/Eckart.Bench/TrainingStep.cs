using System.Diagnostics;
using System.Globalization;
using Eckart.Models;
using Eckart.Training;
using Eckart.Training.Microworld;
using TorchSharp;

namespace Eckart.Bench;

/// <summary>The verb <c>train</c>: processor time of a training's steps at the microworld's size, against that of the products with weight matrices that they cannot do without, sampled in turn.</summary>
internal static class TrainingStep
{
    private const int Steps = 300, StepsARound = 10;

    /// <summary>The products are those that training uses, of its shapes and for as many rows, over the same memory again and again: what they take where nothing is between them.</summary>
    /// <param name="family"><c>model_type</c> of the family.</param>
    public static void Measure(string family)
    {
        var settings = new TrainingSettings { Family = family, Steps = Steps, WarmUp = 20, CurveEvery = Steps, CheckpointEvery = Steps, ExamEvery = Steps };
        var source = new CountingTexts(new MicroworldTexts(new MicroworldRecipe(), 1));
        var folder = Directory.CreateTempSubdirectory("eckart-bench-");
        try
        {
            using var trainer = Trainer.Open(folder.FullName, settings, source, [], workers: 1);
            using var products = new StepProducts(settings.Spec(source.Vocabulary, source.Length));
            var rounds = new List<(double Step, double Products)>();
            var (done, started, rows) = (0, Now(), 0L);
            trainer.Run(onStep: () =>
            {
                if (++done % StepsARound != 0) return;
                var step = Now() - started;
                var before = Now();
                for (var i = 0; i < StepsARound; i++) products.Run(settings.Batch * (source.Length - 1), (int)((source.Counted - rows) / StepsARound));
                rounds.Add((step, Now() - before));
                (rows, started) = (source.Counted, Now());
            });
            Report(family, [.. rounds.Skip(5)]);        // the first ones are compiled on the way
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Now() => Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds;

    private static void Report(string family, (double Step, double Products)[] rounds)
    {
        double Median(Func<(double Step, double Products), double> of) => rounds.Select(of).Order().ElementAt(rounds.Length / 2);
        var ratios = rounds.Select(round => round.Step / round.Products).Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"training step {family}: {Median(round => round.Step) / StepsARound:0.0} ms of processor time, {ratios[ratios.Length / 2]:0.00} times its products' {Median(round => round.Products) / StepsARound:0.0} ms (from {ratios[ratios.Length / 10]:0.00} to {ratios[^(1 + (ratios.Length / 10))]:0.00} in four rounds of five)"));
    }

    // How many positions have a weight in the loss: the head has to be there for no others.
    private sealed class CountingTexts(ITextSource texts) : ITextSource
    {
        public long Counted { get; private set; }

        public int Vocabulary => texts.Vocabulary;

        public int Length => texts.Length;

        public void Draw(long step, long steps, int place, Span<int> ids, Span<float> weights)
        {
            texts.Draw(step, steps, place, ids, weights);
            Counted += weights.Length - weights.Count(0f);
        }

        public string Describe() => texts.Describe();
    }
}
