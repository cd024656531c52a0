using System.Diagnostics;
using Eckart.Engine;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Bench;

/// <summary>The reference engine's full passes against the time that their multiplications take at the machine's GEMM rate, sampled in turn.</summary>
internal static class FullPass
{
    private const int Rounds = 5;

    /// <param name="checkpoint">Of the model.</param>
    /// <param name="model">Loaded.</param>
    /// <param name="data">Folder of the tasks.</param>
    /// <param name="task">Its name, and the demonstrations in its prompts.</param>
    /// <param name="passes">A round: enough that the last worker's end does not matter.</param>
    public static void Measure(Checkpoint checkpoint, CausalLm model, string data, (string Name, int Shots) task, int passes)
    {
        var variant = TaskLibrary.Load(task.Name).For(Protocol.Authors);
        if (task.Shots != variant.Shots) variant = TaskLibrary.Load(task.Name).For(Protocol.Default);
        using var tokenizer = checkpoint.LoadTokenizer();
        var sample = Sampler.Draw(variant, data, new SampleSize(Shots: task.Shots, Validation: Rounds * passes, Test: 1));
        var set = QuerySet.Encode(task.Name, "validation", sample.Validation, new QueryEncoder(tokenizer, model.Spec, variant.Scoring), ComputeOptions.Cpu.Workers);
        using var editor = new WeightEditor(model, SvdKind.Exact, seed: 0);
        var engine = new ReferenceEngine(model, editor);

        engine.Score([.. set.Queries.Take(ComputeOptions.Cpu.Workers)], Intervention.None, null, CancellationToken.None);
        var ratios = new List<double>();
        foreach (var queries in set.Queries.Chunk(passes))
        {
            var before = GemmRate.Measure(ComputeOptions.Cpu).PerSecond;
            var clock = Stopwatch.StartNew();
            engine.Score(queries, Intervention.None, null, CancellationToken.None);
            var seconds = clock.Elapsed.TotalSeconds;
            var rate = (before + GemmRate.Measure(ComputeOptions.Cpu).PerSecond) / 2;
            ratios.Add(seconds * rate / WorkCount.OfReference(model.Spec, queries, Intervention.None));
        }

        ratios.Sort();
        var tokens = set.Queries.Average(query => query.Choices[0].Input.Length);
        Console.WriteLine($"full pass {task.Name}, {tokens:0} tokens: {ratios[Rounds / 2]:0.00} times its multiplications' time at the GEMM rate (from {ratios[0]:0.00} to {ratios[^1]:0.00}), last GEMM rate {GemmRate.Measure(ComputeOptions.Cpu).PerSecond / 1e9:0} GFLOP/s");
    }
}
