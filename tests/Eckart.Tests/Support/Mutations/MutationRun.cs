using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Eckart.Formats;

namespace Eckart.Tests.Support.Mutations;

/// <summary>
/// Reads many damaged files, and holds every one to the rule: read right, or refused by a line that names the file; in a second of its thread's time; with no
/// allocation that the file's length does not account for. Whatever fails says which mutation it was, and <c>ECKART_MUTATION=N</c> reads that one alone; a
/// process that dies leaves the file, in a folder of the mutation's number.
/// </summary>
/// <param name="name">The files' name.</param>
/// <param name="mutate">The N-th mutation, from a generator of its own.</param>
/// <param name="read">Reads a file, and gives what checks the reading and lets go of it; throws <see cref="InputException"/> where it is refused.</param>
internal sealed class MutationRun(string name, Func<Random, Mutation> mutate, Func<string, Mutation, Action> read)
{
    private const long Spare = 16 << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    private volatile string current = "none yet";
    private long startedAt = Stopwatch.GetTimestamp();

    /// <summary>Reads <paramref name="count"/> of them and writes what came of it to the test's output.</summary>
    public void Of(int count)
    {
        var (first, end) = int.TryParse(Environment.GetEnvironmentVariable("ECKART_MUTATION"), CultureInfo.InvariantCulture, out var only) ? (only, only + 1) : (0, count);
        var failures = new ConcurrentQueue<Exception>();
        var tally = new Tally();
        // On a thread of its own: one that hangs cannot be ended, but it can be left.
        var worker = new Thread(() =>
        {
            try
            {
                using var folder = new TemporaryFolder();
                for (var i = first; i < end; i++) One(folder, i, tally);
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
            }
        })
        { IsBackground = true };
        worker.Start();
        while (!worker.Join(TimeSpan.FromSeconds(1)))
            Assert.True(Stopwatch.GetElapsedTime(Interlocked.Read(ref startedAt)) < Hang, $"hangs on {current}");
        if (failures.TryDequeue(out var failure)) Assert.Fail($"{current}: {failure}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {tally}");
    }

    private void One(TemporaryFolder folder, int number, Tally tally)
    {
        var mutation = mutate(new Random(number));
        current = $"mutation {number} of {name}: {mutation}";
        Interlocked.Exchange(ref startedAt, Stopwatch.GetTimestamp());
        var path = folder.File($"{number}/{name}", mutation.Bytes);

        var (allocated, time) = (GC.GetAllocatedBytesForCurrentThread(), ThreadClock.Now);
        var (check, refused) = Reading(path, mutation);
        (allocated, time) = (GC.GetAllocatedBytesForCurrentThread() - allocated, ThreadClock.Now - time);

        Assert.True(allocated <= (2 * mutation.Bytes.Length) + Spare, $"{allocated} bytes allocated for a file of {mutation.Bytes.Length}");
        Assert.True(time <= Longest, $"took {time}");
        tally.Add(refused is not null, time, allocated);
        if (refused is not null) CheckRefusal(refused, Path.GetDirectoryName(path)!);
        check?.Invoke();
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private (Action? Check, InputException? Refused) Reading(string path, Mutation mutation)
    {
        try
        {
            return (read(path, mutation), null);
        }
        catch (InputException refused)
        {
            return (null, refused);
        }
    }

    private static void CheckRefusal(InputException refused, string folder)
    {
        var problem = Assert.Single(refused.Problems);
        var line = problem.ToString();
        Assert.Contains(folder, problem.Where, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.Contains("expected ", problem.Found, StringComparison.Ordinal);
        Assert.Contains("found", problem.Found, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Remedy);
        Assert.InRange(line.Length, 20, 2_000);
    }

    private sealed class Tally
    {
        private int read, refused;
        private TimeSpan longest;
        private long most;

        public void Add(bool isRefused, TimeSpan time, long allocated)
        {
            if (isRefused) refused++;
            else read++;
            longest = time > longest ? time : longest;
            most = Math.Max(most, allocated);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{read} read, {refused} refused, longest {longest.TotalMilliseconds:0.0} ms, most allocated {most / 1024.0:0} KiB");
    }
}
