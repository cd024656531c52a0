using System.Diagnostics;
using System.Text.Json;
using Eckart.Reporting;

namespace Eckart.Tests.Reporting;

/// <summary>The table of results as the programs read it that people read tables with, without an option.</summary>
public sealed class ResultsReadersTests
{
    private const string Text = "a \"task\", with\nlines";

    private static readonly string[] Numbers =
        ["task_version", "seed", "shots", "order", "layer", "rate", "engine", "n", "correct", "accuracy", "interval_low", "interval_high", "majority", "macro_f1", "f1", "mcc", "nll", "calibration_error", "gained", "lost", "difference", "p_value", "p_corrected"];

    [Fact]
    public void Pandas_reads_numbers_as_numbers_gaps_as_gaps_and_texts_whole()
    {
        var python = new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(python => Output(python, "-c", "import pandas") is not null);
        Assert.SkipUnless(python is not null, "no python3 with pandas: apt-get install python3-pandas");

        Check(path => Output(python, "-c", """
            import json, sys, pandas
            table = pandas.read_csv(sys.argv[1])
            print(json.dumps({
                "numbers": [name for name in table.columns if pandas.api.types.is_numeric_dtype(table[name])],
                "gaps": {name: int(table[name].isna().sum()) for name in table.columns},
                "tasks": sorted(set(table["task"])), "p": [repr(value) for value in table["p_value"].dropna()]}))
            """, path));
    }

    [Fact]
    public void R_reads_numbers_as_numbers_gaps_as_gaps_and_texts_whole()
    {
        Assert.SkipUnless(Output("Rscript", "-e", "0") is not null, "no Rscript: apt-get install r-base-core");

        Check(path => Output("Rscript", "-e", """
            table <- read.csv(commandArgs(TRUE)[1])
            text <- function(values) paste0("[", paste(vapply(values, function(value) encodeString(value, quote = '"'), ""), collapse = ", "), "]")
            gaps <- vapply(table, function(column) sum(is.na(column) | column == ""), 0)
            cat(sprintf('{"numbers": %s, "gaps": {%s}, "tasks": %s, "p": %s}', text(names(table)[vapply(table, is.numeric, TRUE)]),
                paste(sprintf('"%s": %d', names(gaps), gaps), collapse = ", "), text(sort(unique(table$task))), text(format(na.omit(table$p_value), digits = 15))))
            """, path));
    }

    private static void Check(Func<string, string?> read)
    {
        using var run = new SomeRun();
        run.Add("none", "0000000000", "0101010101");
        run.Add("mlp@0:0.5", "0101010101", "0101010101");
        run.Add("mlp@0:0.25+attention@1:0.5", "0101010100", "0101010101", task: Text);
        run.Add("drop@1", "012", "012", task: "three", choices: 3);
        run.Written();
        RunReport.Of(run.Folder).Write();

        using var found = JsonDocument.Parse(read(run["results.csv"])!);

        var gaps = found.RootElement.GetProperty("gaps");
        Assert.Equal(Numbers, Strings("numbers").Where(name => gaps.GetProperty(name).GetInt32() < run.Trials.Count));
        Assert.Equal([Text, "some-task", "three"], Strings("tasks"));
        Assert.Equal(["0.0625"], Strings("p"));
        Assert.Equal((0, 3, 3, 2, 1), (Gaps("intervention"), Gaps("p_value"), Gaps("gained"), Gaps("rate"), Gaps("f1")));

        int Gaps(string name) => gaps.GetProperty(name).GetInt32();

        string[] Strings(string name) => [.. found.RootElement.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
    }

    // Null where the program is missing or fails.
    private static string? Output(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
