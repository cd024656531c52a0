using System.CommandLine;
using Eckart.Formats;

namespace Eckart.Cli;

/// <summary>The program: its verbs, its exit codes, its one way to say what is wrong.</summary>
public static class Application
{
    private const int Bug = 1;
    private const int BadInput = 2;
    private const int Interrupted = 130;

    // A text that begins with @ is a text, not a file of options.
    private static readonly ParserConfiguration AsTyped = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs one command line.</summary>
    /// <param name="args">As typed.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Everything else.</param>
    /// <param name="cancellation">Interrupts the run, as Ctrl-C does.</param>
    /// <returns>0 done, 1 a bug, 2 bad input, 130 interrupted.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellation = default) =>
        RunAsync(args, output, error, FileCalls.Disk, cancellation);

    /// <summary>Like the other, on another file system.</summary>
    /// <param name="args">As typed.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Everything else.</param>
    /// <param name="files">Write the folders of runs.</param>
    /// <param name="cancellation">Interrupts the run, as Ctrl-C does.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, FileCalls files, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(files);
        var parsed = Root(files).Parse(args, AsTyped);
        if (CommandLineProblem.Of(parsed) is { } malformed && parsed.Action?.ClearsParseErrors is not true)
        {
            await error.WriteLineAsync(malformed.ToString());
            return BadInput;
        }

        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromMinutes(5),      // one query of a large model ends before the run is left
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (InputException problem)
        {
            foreach (var line in problem.Problems) await error.WriteLineAsync($"eckart: {line}");
            return BadInput;
        }
        catch (OperationCanceledException stop)
        {
            await error.WriteLineAsync($"eckart: interrupted; go on with: eckart {ResumeCommand.For(args, (stop as RunInterruptedException)?.Folder)}");
            return Interrupted;
        }
        catch (Exception bug)
        {
            await error.WriteLineAsync($"eckart: this is a bug, please report it: {bug}");
            return Bug;
        }
    }

    private static RootCommand Root(FileCalls files)
    {
        var root = new RootCommand("Better in-context learning by truncating the SVD of a few weight matrices: chosen on examples, tested once, no training.")
        {
            SearchCommand.Create(files),
            EvaluateCommand.Create(),
            RunCommand.Create(files),
            StatusCommand.Create(),
            MergeCommand.Create(files),
            ReportCommand.Create(files),
            PredictCommand.Create(),
            ExportCommand.Create(),
            InspectCommand.Create(),
            ScoreCommand.Create(),
            TokenizeCommand.Create(),
            TasksCommand.Create(),
            ModelsCommand.Create(),
            BenchCommand.Create(),
            TrainCommand.Create(),
            RegressionCommand.Create(),
            TheoryCommand.Create(),
        };
        HelpExamples.AddTo(root);
        return root;
    }
}
