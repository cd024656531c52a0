using System.ComponentModel;
using System.Diagnostics;
using Eckart.Formats;

namespace Eckart.Experiments.Launchers;

/// <summary>Slurm's own programs.</summary>
internal static class SlurmCommand
{
    private const string Submitting = "sbatch";
    private const string HowElse = "run this where Slurm's commands are, or use --launcher local, or --shard i/n with another scheduler";

    /// <summary>Whether there is a cluster to submit to, as far as the programs tell.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static void Require() => Run(Submitting, ["--version"]);

    /// <summary>Submits a script.</summary>
    /// <param name="script">Its path.</param>
    /// <param name="options">Besides those that it names.</param>
    /// <returns>The job's number.</returns>
    /// <exception cref="InputException">Slurm refuses, and why.</exception>
    public static string Submit(string script, params IEnumerable<string> options)
    {
        var answer = Run(Submitting, ["--parsable", .. options, script]).Trim();
        var job = answer.Split(';')[0];       // with several clusters: number;cluster
        return job.Length > 0 && job.All(char.IsAsciiDigit) ? job : throw new InputException(Submitting, $"expected the number of a job, found '{answer}'", HowElse);
    }

    /// <summary>Takes a job back.</summary>
    /// <exception cref="InputException">Slurm refuses.</exception>
    public static void Cancel(string job) => Run("scancel", [job]);

    private static string Run(string program, IEnumerable<string> args)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0) return output;
            var said = string.Join(' ', error.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            throw new InputException(program, $"expected it to succeed, found exit {process.ExitCode}: {said}", HowElse);
        }
        catch (Win32Exception exception)
        {
            throw new InputException(program, $"expected Slurm's {program} on PATH, found none", HowElse, exception);
        }
    }
}
