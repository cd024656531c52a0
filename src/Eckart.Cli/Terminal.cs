using Spectre.Console;
using Spectre.Console.Rendering;

namespace Eckart.Cli;

/// <summary>What is known of the terminal, and how tables are written with or without one.</summary>
internal static class Terminal
{
    private const int Narrowest = 80;

    /// <summary>Columns; 80 where there is no terminal.</summary>
    public static int Width => Console.IsErrorRedirected ? Narrowest : Math.Max(20, Console.WindowWidth);

    /// <summary>Whether a writer of messages is a person's terminal.</summary>
    public static bool IsTerminal(TextWriter error) => ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;

    /// <summary>Writes a table as plain text, 120 columns at most.</summary>
    public static void Write(TextWriter output, IRenderable table)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 120;
        console.Write(table);
    }
}
