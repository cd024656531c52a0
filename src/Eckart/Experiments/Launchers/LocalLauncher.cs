using System.Diagnostics;
using System.Globalization;
using Eckart.Experiments.Plans;
using Eckart.Formats;

namespace Eckart.Experiments.Launchers;

/// <summary>Runs the shares of a plan on this machine, a process each, all at once.</summary>
public static class LocalLauncher
{
    private const int MostRestarts = 3;
    private const int Killed = 128;             // and above: by the signal of that number
    private const int Interrupted = 130;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs until every share has ended; one that is killed is started again, three times at most.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="progress">Called every few seconds with where the run stands; may be null.</param>
    /// <param name="cancellation">Ends the processes; Ctrl-C in a terminal reaches them by itself, and they finish their line.</param>
    /// <exception cref="InputException">A share that ended otherwise than by being finished, and why; a folder of another plan or with a share at work.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Run(LaunchRequest request, Action<RunStatus>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Prepare();
        request.Folder.WriteJson(Launched.FileName, new Launched("local", request.Shards, []));
        Task<string?>[] shares = [.. Enumerable.Range(1, request.Shards).Select(number => Task.Factory.StartNew(
            () => Share(request.Command, new Shard(number, request.Shards), cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        while (!Task.WaitAll(shares, TimeSpan.FromSeconds(5)))
            if (progress is not null && !cancellation.IsCancellationRequested && TryRead(request.Folder.Path) is { } status) progress(status);
        cancellation.ThrowIfCancellationRequested();
        string[] problems = [.. shares.Select(share => share.Result).OfType<string>()];
        if (problems.Length > 0)
            throw new InputException(request.Folder.Path, $"expected all {request.Shards} shares to be finished, found {string.Join("; ", problems)}", "see to that and give the same command again: it goes on from here");
    }

    // A damaged journal is told by the share that cannot go on with it; the others are waited for.
    private static RunStatus? TryRead(string folder)
    {
        try
        {
            return RunStatus.Of(folder);
        }
        catch (InputException)
        {
            return null;
        }
    }

    // Null where it was finished.
    private static string? Share(ShareCommand command, Shard shard, CancellationToken cancellation)
    {
        for (var restarts = 0; ; restarts++)
        {
            var (exit, error) = Once(command, shard, cancellation);
            if (exit == 0) return null;
            if (exit > Killed && exit != Interrupted && restarts < MostRestarts && !cancellation.IsCancellationRequested) continue;
            return string.Create(CultureInfo.InvariantCulture, $"share {shard} with exit {exit}{(error.Length > 0 ? ": " : "")}{string.Join(' ', error.Split('\n', StringSplitOptions.RemoveEmptyEntries))}");
        }
    }

    private static (int Exit, string Error) Once(ShareCommand command, Shard shard, CancellationToken cancellation)
    {
        string[] words = [.. command.ToShare, shard.ToString()];
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var stop = cancellation.Register(() => End(process));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEnd();
        output.Wait(CancellationToken.None);
        process.WaitForExit();
        return (process.ExitCode, error);
    }

    private static void End(Process process)
    {
        try
        {
            if (!process.WaitForExit(Patience)) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
