using System.CommandLine;
using System.CommandLine.Parsing;
using Eckart.Formats;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary>The program: its verbs, its exit codes, its one way to say what is wrong.</summary>
public static class Application
{
    private const int Done = 0;
    private const int Bug = 1;
    private const int BadInput = 2;
    private const int Interrupted = 130;

    /// <summary>Runs one command line.</summary>
    /// <param name="args">As typed.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Everything else.</param>
    /// <returns>0 done, 1 a bug, 2 bad input, 130 interrupted.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var root = Root();
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0) return Refuse(parsed, error);
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromMinutes(5),      // one query of a large model ends before the run is left
        };
        try
        {
            return await parsed.InvokeAsync(configuration);
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

    private static RootCommand Root() => new("Better in-context learning by truncating the SVD of a few weight matrices: no training, and a smaller model.")
    {
        SearchCommand.Create(),
        EvaluateCommand.Create(),
        InspectCommand.Create(),
        ScoreCommand.Create(),
        TokenizeCommand.Create(),
        TasksCommand.Create(),
        ModelsCommand.Create(),
    };

    private static int Refuse(ParseResult parsed, TextWriter error)
    {
        var command = parsed.CommandResult.Command;
        var where = command is RootCommand ? "eckart" : $"eckart {command.Name}";
        error.WriteLine(parsed.UnmatchedTokens is [var unknown, ..] ? Unknown(where, command, unknown) : Malformed(where, parsed.Errors[0]));
        return BadInput;
    }

    private static string Unknown(string where, Command command, string token)
    {
        var isOption = token.StartsWith('-');
        var known = isOption ? command.Options.Select(option => option.Name) : command.Subcommands.Select(verb => verb.Name);
        return new Problem(
            where,
            $"expected {(isOption ? "an option" : command.Subcommands.Count > 0 ? "a verb" : "nothing more")}, found '{token}'",
            known.Any() ? $"{Nearest.Hint(token, known)} See {where} --help" : $"see {where} --help").ToString();
    }

    private static string Malformed(string where, ParseError problem) =>
        new Problem(where, problem.Message.TrimEnd('.'), $"see {where} --help").ToString();
}
