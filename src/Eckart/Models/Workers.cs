using System.Runtime.ExceptionServices;

namespace Eckart.Models;

/// <summary>Independent pieces of work, one worker a core, each with one-thread products.</summary>
/// <remarks>Two threads within every product are slower on an idle machine and stall at OpenMP's barriers on a busy one; and a product's
/// last digits then depend on the number of threads.</remarks>
internal static class Workers
{
    /// <summary>Runs every piece once, in any order; the first exception of any of them is thrown when all workers have stopped.</summary>
    /// <param name="pieces">How many.</param>
    /// <param name="workers">How many at once.</param>
    /// <param name="work">Called with 0 … pieces − 1.</param>
    /// <param name="cancellation">Checked before each piece.</param>
    public static void Run(int pieces, int workers, Action<int> work, CancellationToken cancellation = default)
    {
        try
        {
            Parallel.For(0, pieces, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation }, piece =>
            {
                using var products = new OneThreadProducts();
                work(piece);
            });
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }
    }
}
