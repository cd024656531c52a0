using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Eckart.Models;

/// <summary>Independent pieces of work, one worker a core, each with one-thread products.</summary>
/// <remarks>Two threads within every product are slower on an idle machine and stall at OpenMP's barriers on a busy one; and a product's
/// last digits then depend on the number of threads.</remarks>
internal static class Workers
{
    /// <summary>Runs every piece once, in any order. Of the pieces that fail, the first one's exception is thrown, whatever the number of workers; pieces behind it may not run.</summary>
    /// <param name="pieces">How many.</param>
    /// <param name="workers">How many at once.</param>
    /// <param name="work">Called with 0 … pieces − 1.</param>
    /// <param name="cancellation">Checked before each piece.</param>
    public static void Run(int pieces, int workers, Action<int> work, CancellationToken cancellation = default)
    {
        using var products = new OneThreadProducts();
        var failures = new ConcurrentDictionary<int, Exception>();
        Parallel.For(0, pieces, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation }, (piece, state) =>
        {
            OneThreadProducts.OnThisThread();
            try
            {
                work(piece);
            }
            catch (Exception failure)
            {
                failures[piece] = failure;
                state.Break();      // all pieces before this one still run
            }
        });
        if (!failures.IsEmpty) ExceptionDispatchInfo.Throw(failures[failures.Keys.Min()]);
    }
}
