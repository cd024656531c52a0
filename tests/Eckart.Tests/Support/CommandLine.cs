using System.Globalization;
using System.Text.Json;
using Eckart.Cli;

namespace Eckart.Tests.Support;

/// <summary>The program, run in this process.</summary>
internal static class CommandLine
{
    /// <summary>Runs it and keeps what it writes.</summary>
    public static async Task<(int Exit, string Output, string Error)> Run(params string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var error = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        return (await Application.RunAsync(args, output, error), output.ToString(), error.ToString());
    }

    /// <summary>Runs it, expecting one JSON document.</summary>
    public static async Task<JsonElement> Json(params string[] args)
    {
        var (exit, output, error) = await Run([.. args, "--json"]);
        Assert.True(exit == 0, error);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    /// <summary>Runs it, expecting exit 2, nothing on standard output and one line that holds the parts given.</summary>
    public static async Task Refuses(string[] args, params string[] parts)
    {
        var (exit, output, error) = await Run(args);
        Assert.True(exit == 2, $"exit {exit}: {output}{error}");
        Assert.Empty(output);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in parts) Assert.Contains(part, line, StringComparison.Ordinal);
    }
}
