using System.Globalization;
using Eckart.Cli;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>Commands of which every call to the file system fails in turn. Afterwards the same commands end in the same bytes, and nothing that was kept before is lost.</summary>
/// <param name="words">Where the folders are.</param>
/// <param name="commands">Command lines, one after the other, that write into the folder of a name.</param>
internal sealed class FaultedCommands(Words words, Func<string, string[][]> commands)
{
    private const string Spelled = "process has died";

    /// <summary>Runs them undisturbed, then once for each call that a fault can strike.</summary>
    /// <param name="fault">Each time the same.</param>
    /// <returns>What the folder holds in the end, by the names of its files.</returns>
    public async Task<IReadOnlyCollection<string>> Survive(Fault fault)
    {
        var counting = new FaultyFiles();
        var (exit, _, error) = await Run($"{fault}", counting);
        Assert.Equal((0, ""), (exit, error));
        var expected = Contents($"{fault}");

        for (var place = 0; place < counting.Made.Count; place++)
        {
            var struck = fault == Fault.DeniedForGood ? Fault.Denied : fault;
            if (FaultyFiles.Concerns(struck, counting.Made[place])) await Survive(fault, place, expected);
        }

        Directory.Delete(words[$"{fault}"], recursive: true);
        return expected.Keys;
    }

    private async Task Survive(Fault fault, int place, Dictionary<string, byte[]> expected)
    {
        var run = $"{fault}-{place}";
        var files = new FaultyFiles(fault, place);
        var (exit, output, error) = await Run(run, files);

        var about = $"{fault} at call {place}, {files.Made[place]}: exit {exit}: {error}";
        if (exit == 2) AssertOneProblem(error, output);
        else Assert.True(exit == 0 || (exit == 1 && fault is Fault.Death or Fault.ShortThenDeath && error.Contains(Spelled, StringComparison.Ordinal)), about);
        foreach (var (journal, bytes) in files.Kept) Assert.True(new FileInfo(journal) is { Exists: true } there && there.Length >= bytes, $"{about} {journal}");

        Assert.Equal((0, ""), await Run(run, new FaultyFiles()) is var again ? (again.Exit, again.Error) : default);
        var contents = Contents(run);
        Assert.True(expected.Keys.Order(StringComparer.Ordinal).SequenceEqual(contents.Keys.Order(StringComparer.Ordinal)), $"{about} {string.Join(' ', contents.Keys)}");
        foreach (var file in expected.Keys.Where(file => !file.StartsWith("timings", StringComparison.Ordinal) && file != "environment.json"))
            Assert.True(expected[file].AsSpan().SequenceEqual(contents[file]), $"{about} {file}");
        Directory.Delete(words[run], recursive: true);
    }

    private static void AssertOneProblem(string error, string output)
    {
        Assert.Empty(output);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("eckart: ", line, StringComparison.Ordinal);
        Assert.Contains(": expected ", line, StringComparison.Ordinal);
        Assert.Contains("found: ", line, StringComparison.Ordinal);
        Assert.Contains("; ", line, StringComparison.Ordinal);
    }

    // To the first that fails.
    private async Task<(int Exit, string Output, string Error)> Run(string run, FaultyFiles files)
    {
        foreach (var command in commands(run))
        {
            using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
            using var error = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
            var exit = await Application.RunAsync(command, output, error, files.Calls, TestContext.Current.CancellationToken);
            if (exit != 0) return (exit, output.ToString(), error.ToString());
            Assert.Empty(error.ToString());
        }

        return (0, "", "");
    }

    private Dictionary<string, byte[]> Contents(string run) =>
        Directory.GetFiles(words[run], "*", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(words[run], path).Replace('\\', '/'), File.ReadAllBytes);
}
