using System.Runtime.ExceptionServices;
using Eckart.Engine.Arithmetic;
using TorchSharp;

namespace Eckart.Engine.Walking;

/// <summary>One worker a core, each with memory of its own and one-thread products; they take pieces of work from a common list.</summary>
internal sealed class Team : IDisposable
{
    private readonly Scratch[] scratches;

    /// <param name="workers">At least one.</param>
    /// <param name="device">Where the scratch memory is.</param>
    public Team(int workers, torch.Device device) => scratches = [.. Enumerable.Range(0, workers).Select(_ => new Scratch(device))];

    /// <summary>Workers.</summary>
    public int Size => scratches.Length;

    /// <summary>Operations of all products so far, each multiplication with its addition counted as two.</summary>
    public long Operations => scratches.Sum(scratch => scratch.Operations);

    /// <summary>Bytes of scratch memory.</summary>
    public long Bytes => scratches.Sum(scratch => scratch.Bytes);

    /// <summary>Runs pieces in the order given, as workers become free, and returns when all are done. Of the pieces that fail, the first one's exception is thrown.</summary>
    /// <param name="pieces">How many.</param>
    /// <param name="work">Called with a worker's memory and 0 … pieces − 1.</param>
    /// <param name="cancellation">Checked before each piece.</param>
    public void Run(int pieces, Action<Scratch, int> work, CancellationToken cancellation)
    {
        var next = -1;
        var failures = new Exception?[pieces];
        using var products = new Models.OneThreadProducts();
        Parallel.For(0, Math.Min(Size, pieces), new ParallelOptions { MaxDegreeOfParallelism = Size }, worker =>
        {
            Models.OneThreadProducts.OnThisThread();
            using var gradients = torch.no_grad();
            for (var piece = Interlocked.Increment(ref next); piece < pieces; piece = Interlocked.Increment(ref next))
            {
                try
                {
                    cancellation.ThrowIfCancellationRequested();
                    work(scratches[worker], piece);
                }
                catch (Exception failure)
                {
                    failures[piece] = failure;
                    Interlocked.Exchange(ref next, pieces);     // pieces before this one are under way or done
                }
            }
        });
        if (failures.FirstOrDefault(failure => failure is not null) is { } first) ExceptionDispatchInfo.Throw(first);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var scratch in scratches) scratch.Dispose();
    }
}
