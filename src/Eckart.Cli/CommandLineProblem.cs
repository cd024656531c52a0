using System.CommandLine;
using System.CommandLine.Parsing;
using Eckart.Formats;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary>What is wrong with a command line that cannot be parsed, in the three parts that every message has.</summary>
internal static class CommandLineProblem
{
    /// <summary>The first problem, as later ones often follow from it; null where there is none.</summary>
    public static Problem? Of(ParseResult parsed)
    {
        var where = Verb(parsed.CommandResult);
        if (WithoutValue(parsed.CommandResult) is { } swallowed) return swallowed;
        if (Mistyped(parsed.CommandResult) is { } mistyped) return Unknown(where, parsed.CommandResult.Command, mistyped);
        if (parsed.Errors.Count == 0) return null;
        if (parsed.UnmatchedTokens is [var unknown, ..]) return Unknown(where, parsed.CommandResult.Command, unknown);
        var error = parsed.Errors[0];
        return error.SymbolResult switch
        {
            OptionResult { IdentifierTokenCount: > 1 } option => new Problem($"{where} {option.Option.Name}", $"expected it once, found it {option.IdentifierTokenCount} times", "leave one of them"),
            OptionResult { Tokens: [] } option => NoValue(where, option.Option, "none"),
            OptionResult { Tokens: [var value, ..] } option => new Problem($"{where} {option.Option.Name}", $"expected {error.Message}, found '{value.Value}'", "give one of these"),
            ArgumentResult argument => new Problem(where, $"expected <{argument.Argument.Name}>, found none", $"write {where} <{argument.Argument.Name}>"),
            _ => new Problem(where, "expected a verb, found none", $"{Nearest.Hint("", Verbs(parsed.CommandResult.Command))} (see {where} --help)"),
        };
    }

    // The parser takes whatever follows an option for its value: --samples --json would write a file of that name.
    private static Problem? WithoutValue(CommandResult command)
    {
        foreach (var option in command.Children.OfType<OptionResult>())
            if (option.Tokens.FirstOrDefault(token => command.Command.Options.Any(known => known.Name == token.Value)) is { } other)
                return NoValue(Verb(command), option.Option, $"option '{other.Value}'");
        return null;
    }

    // It takes an option that it does not know for a folder: merge run --quite would look for one of that name.
    private static string? Mistyped(CommandResult command) =>
        command.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value).FirstOrDefault(value => value.StartsWith("--", StringComparison.Ordinal));

    private static Problem NoValue(string where, Option option, string found) =>
        new($"{where} {option.Name}", $"expected a value, found {found}", $"write {option.Name} {option.HelpName}");

    private static Problem Unknown(string where, Command command, string token)
    {
        var isOption = token.StartsWith('-');
        string[] known = [.. isOption ? command.Options.Select(option => option.Name) : Verbs(command)];
        var expected = isOption ? "an option" : command.Subcommands.Count > 0 ? "a verb" : "nothing more";
        return new Problem(where, $"expected {expected}, found '{token}'", known.Length > 0 ? $"{Nearest.Hint(token, known)} (see {where} --help)" : $"see {where} --help");
    }

    private static IEnumerable<string> Verbs(Command command) => command.Subcommands.Select(verb => verb.Name);

    private static string Verb(CommandResult command) => command.Parent is CommandResult parent ? $"{Verb(parent)} {command.Command.Name}" : "eckart";
}
