using System.Globalization;
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

    /// <summary>Tells the columns of a terminal that can move its cursor; null where messages go elsewhere.</summary>
    public static Func<int>? Columns(TextWriter error) => IsTerminal(error) && Environment.GetEnvironmentVariable("TERM") is not "dumb" ? () => Width : null;

    /// <summary>Writes a table as plain text without colours, 120 columns wide at most unless said otherwise, without spaces at the ends of lines.</summary>
    public static void Write(TextWriter output, IRenderable table, int columns = 120)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = columns;
        console.Write(table);
        foreach (var line in text.ToString().Split('\n')[..^1]) output.WriteLine(line.TrimEnd());
    }
}
