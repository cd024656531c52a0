using Eckart.Experiments.Launchers;

namespace Eckart.Cli;

/// <summary>The command line that goes on where an interrupted one stopped.</summary>
internal static class ResumeCommand
{
    /// <summary>The same arguments, and the run's folder where they do not name one.</summary>
    public static string For(IReadOnlyList<string> args, string? folder)
    {
        var resumed = folder is null || args.Any(argument => argument == "--out" || argument.StartsWith("--out=", StringComparison.Ordinal)) ? args : [.. args, "--out", folder];
        return ShellWord.Join(resumed);
    }
}
