using System.Globalization;
using System.Text;

namespace Eckart.Experiments.Launchers;

/// <summary>The two scripts that Slurm runs, as text.</summary>
/// <param name="Name">Of the plan.</param>
/// <param name="Command">How a share is started.</param>
/// <param name="Shards">How many.</param>
/// <param name="Options">Of sbatch, as the user gave them; may be empty.</param>
/// <param name="WorkingFolder">From which the plan's own paths are seen.</param>
public sealed record SlurmScript(string Name, ShareCommand Command, int Shards, string Options, string WorkingFolder)
{
    private const int MostRestarts = 3;

    /// <summary>Folder of the scripts and of what they print, in the run's.</summary>
    public const string Folder = "slurm";

    /// <summary>The array, a task a share.</summary>
    public string Shares => Head("", "share-%a.log", string.Create(CultureInfo.InvariantCulture, $"--array=1-{Shards}"), "--requeue") + string.Create(CultureInfo.InvariantCulture, $$"""
        {{ShellWord.Join(Command.ToShare)}} "$SLURM_ARRAY_TASK_ID/{{Shards}}"
        status=$?

        # A task that was killed, for want of memory or otherwise, is queued again and goes on from its journal.
        # Bad input (2) and a stop that was asked for (130, 143) stay as they are.
        case $status in
          134|135|136|137|139) [ "${SLURM_RESTART_COUNT:-0}" -ge {{MostRestarts}} ] || scontrol requeue "$SLURM_JOB_ID" ;;
        esac
        exit $status

        """);

    /// <summary>What joins the shares once all have ended, however they ended; it names those that are missing.</summary>
    public string Merge => Head("-merge", "merge.log") + $"exec {ShellWord.Join(Command.Merge)}\n";

    private string Head(string part, string log, params ReadOnlySpan<string> own)
    {
        var text = new StringBuilder("#!/bin/bash\n");
        void Add(string option) => text.Append(CultureInfo.InvariantCulture, $"#SBATCH {option}\n");
        Add($"--job-name=eckart-{Name}{part}");
        foreach (var option in own) Add(option);
        Add("--open-mode=append");
        Add($"--chdir={ShellWord.Of(WorkingFolder)}");
        Add($"--output={ShellWord.Of(Path.Combine(Command.Folder, Folder).Replace("%", "%%", StringComparison.Ordinal) + Path.DirectorySeparatorChar + log)}");
        if (Options.Length > 0) Add(Options);
        return text.Append('\n').ToString();
    }
}
