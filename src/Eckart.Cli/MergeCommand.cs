using System.CommandLine;
using Eckart.Experiments.Plans;
using Eckart.Formats;
using Eckart.Reporting;

namespace Eckart.Cli;

/// <summary><c>merge DIR…</c>: joins the shares of a plan into one run.</summary>
internal static class MergeCommand
{
    private static readonly Argument<string[]> Folders = new("folders") { Description = "Folders of eckart run with --shard; one that all shares wrote into is enough.", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<string> Into = new("--out") { Description = "Folder of the whole run: a new one, or one of the shares'. Required.", HelpName = "DIR" };

    /// <param name="files">Write the run's folder.</param>
    public static Command Create(FileCalls files)
    {
        var command = new Command("merge", "Join the shares of a plan that were run apart into one run with its report.") { Folders, Into };
        command.SetAction(args => Run(args, files));
        return command;
    }

    private static void Run(ParseResult args, FileCalls files)
    {
        var into = args.PathOf(Into) ?? throw new InputException(Into.Name, "expected a folder for the whole run, found none", "give one with --out DIR");
        MergedRun.Write(args.GetValue(Folders)!, into, files);
        var report = RunReport.Of(into);
        report.Write(files);
        args.InvocationConfiguration.Output.WriteLine($"{Count.Of(report.Data)}, report.html, report.md, results.csv and figures are in {into}");
    }
}
