using System.Collections.Concurrent;
using System.Numerics;
using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>Loss and gradient of a batch, taken in parts of a few sequences, one worker a core, and added in the order of the parts: neither depends on the number of workers.</summary>
internal sealed class BatchGradient : IDisposable
{
    // A part has a gradient of its own, to be added up.
    private const int SequencesAPart = 8;

    private readonly TrainableLm model;
    private readonly int workers;
    private readonly int sequences;
    private readonly ModelWeights weights;
    private readonly Replica[] replicas;
    private readonly ConcurrentBag<WorkMemory> memories = [];
    private readonly double[] losses;

    /// <param name="model">What is trained; still the caller's.</param>
    /// <param name="values">Its parameters, flat; still the caller's, and must outlive this.</param>
    /// <param name="sequences">Of a batch.</param>
    /// <param name="workers">Parts at work at once.</param>
    public BatchGradient(TrainableLm model, Tensor values, int sequences, int workers)
    {
        (this.model, this.workers, this.sequences) = (model, workers, sequences);
        weights = model.Weights(values);
        replicas = [.. Enumerable.Range(0, (sequences + SequencesAPart - 1) / SequencesAPart).Select(_ => new Replica(weights))];
        losses = new double[replicas.Length];
    }

    /// <summary>The parameters.</summary>
    public Replica Weights => replicas[0];

    /// <summary>Gradient of the sum of all weighted losses, after <see cref="Compute"/>.</summary>
    public ReadOnlySpan<float> Sum => Memory(replicas[0]);

    /// <summary>Takes the gradient of a batch.</summary>
    /// <returns>Sum of the weighted losses, and the Euclidean norm of their sum's gradient.</returns>
    public (double Loss, double Norm) Compute(IBatch batch, CancellationToken cancellation)
    {
        weights.Refresh();
        Workers.Run(replicas.Length, workers, part => losses[part] = Backward(replicas[part], batch, part * SequencesAPart), cancellation);
        var sum = Memory(replicas[0]);
        foreach (var replica in replicas.AsSpan(1)) Add(Memory(replica), sum);
        return (losses.Sum(), Norm(sum));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var replica in replicas) replica.Dispose();
        foreach (var memory in memories) memory.Dispose();
        weights.Dispose();
    }

    private double Backward(Replica replica, IBatch batch, int first)
    {
        var memory = memories.TryTake(out var kept) ? kept : new WorkMemory();
        Memory(replica).Clear();
        var (loss, end) = (0.0, Math.Min(first + SequencesAPart, sequences));
        for (; first < end; first += batch.AtOnce)
        {
            memory.Clear();
            loss += batch.Backward(model, replica, first, Math.Min(batch.AtOnce, end - first), memory);
        }

        memories.Add(memory);
        return loss;
    }

    private static Span<float> Memory(Replica replica) => TensorMemory.Of(replica.Gradient).Rows(0, replica.Gradient.numel(), 1);

    private static void Add(ReadOnlySpan<float> from, Span<float> to)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= to.Length; i += Vector<float>.Count) (new Vector<float>(to[i..]) + new Vector<float>(from[i..])).CopyTo(to[i..]);
        for (; i < to.Length; i++) to[i] += from[i];
    }

    // Blocks short enough for float32 sums, added up in double.
    private static double Norm(ReadOnlySpan<float> values)
    {
        const int Block = 1024;
        var sum = 0.0;
        for (; values.Length > 0; values = values[Math.Min(Block, values.Length)..])
        {
            var block = values[..Math.Min(Block, values.Length)];
            var (squares, i) = (Vector<float>.Zero, 0);
            for (; i + Vector<float>.Count <= block.Length; i += Vector<float>.Count) squares += new Vector<float>(block[i..]) * new Vector<float>(block[i..]);
            sum += Vector.Sum(squares);
            for (; i < block.Length; i++) sum += block[i] * block[i];
        }

        return Math.Sqrt(sum);
    }
}
