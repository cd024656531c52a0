using System.CommandLine;
using System.Globalization;
using Eckart.Reporting;

namespace Eckart.Cli;

/// <summary><c>report DIR</c>: the tables and figures of a run, made anew from its folder.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string> Folder = new("folder") { Description = "A folder of eckart run; the run may still be going on." };

    public static Command Create()
    {
        var command = new Command("report", "Make report.md, results.csv and figures of a run anew; no model is needed.") { Folder };
        command.SetAction(args => Run(args));
        return command;
    }

    private static void Run(ParseResult args)
    {
        var folder = args.GetValue(Folder)!;
        var report = RunReport.Of(folder);
        report.Write();
        args.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Trials} trials, report.md, results.csv and figures are in {folder}"));
    }
}
