using System.CommandLine;
using Eckart.Formats;
using Eckart.Reporting;

namespace Eckart.Cli;

/// <summary><c>report DIR…</c>: the page, tables and figures of runs, made anew from their folders.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string[]> Folders = new("folders") { Description = "Folders of eckart run, or of a search; a run may still be going on.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> Into = new("--out") { Description = "Where the report goes; the run's own folder unless given. Required for several runs.", HelpName = "DIR" };

    /// <param name="files">Write the report.</param>
    public static Command Create(FileCalls files)
    {
        var command = new Command("report", "Make report.html, report.md, results.csv and figures of a run anew, or of several runs together; no model is needed.") { Folders, Into };
        command.SetAction(args => Run(args, files));
        return command;
    }

    private static void Run(ParseResult args, FileCalls files)
    {
        string[] folders = [.. args.GetValue(Folders)!.DistinctBy(Path.GetFullPath)];
        var into = args.PathOf(Into) ?? (folders is [var only] ? only : throw new InputException(Into.Name, "expected a folder for the report of several runs, found none", "give one with --out DIR"));
        var report = RunReport.Of(folders, into);
        report.Write(files);
        var output = args.InvocationConfiguration.Output;
        new RunText(report.Data).Write(output);
        output.WriteLine($"{Count.Of(report.Data)}, report.html, report.md, results.csv and figures are in {into}");
    }
}
