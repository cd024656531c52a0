using System.Globalization;
using Eckart.Cli;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>Every call to the file system that a whole search makes fails; the same command again ends in the same bytes.</summary>
public sealed class SearchFaultTests : IDisposable
{
    private readonly Words words = new();

    public void Dispose() => words.Dispose();

    [Theory]
    [InlineData(Fault.FullForGood)]
    [InlineData(Fault.ShortThenFull)]
    [InlineData(Fault.Death)]
    internal Task A_search_outlives_a_fault_at_any_call(Fault fault) => Enumerate(fault);

    [LongFact]
    public async Task A_search_outlives_every_fault_at_any_call()
    {
        foreach (var fault in Enum.GetValues<Fault>().Except([Fault.None])) await Enumerate(fault);
    }

    private async Task Enumerate(Fault fault)
    {
        var counting = new FaultyFiles();
        Assert.Equal(0, (await Run($"{fault}", counting)).Exit);
        var expected = Contents($"{fault}");
        Assert.Equal("environment.json finished.json plan.yaml planned.json rates.png rates.svg search.json timings.jsonl trials.jsonl trials.jsonl.lock", string.Join(' ', expected.Keys.Order(StringComparer.Ordinal)));

        for (var place = 0; place < counting.Made.Count; place++)
        {
            var struck = fault == Fault.DeniedForGood ? Fault.Denied : fault;
            if (FaultyFiles.Concerns(struck, counting.Made[place])) await Survives(fault, place, expected);
        }
    }

    private async Task Survives(Fault fault, int place, Dictionary<string, byte[]> expected)
    {
        var run = $"{fault}-{place}";
        var files = new FaultyFiles(fault, place);
        var (exit, output, error) = await Run(run, files);

        var about = $"{fault} at call {place}, {files.Made[place]}: exit {exit}: {error}";
        if (exit == 2) AssertOneProblem(error, output);
        else Assert.True(exit == 0 || (exit == 1 && fault is Fault.Death or Fault.ShortThenDeath && error.Contains("process has died", StringComparison.Ordinal)), about);
        Assert.True(!Directory.Exists(words[run]) || Contents(run).GetValueOrDefault("trials.jsonl", []).Length >= files.Kept, about);

        Assert.Equal((0, ""), await Run(run, new FaultyFiles()) is var again ? (again.Exit, again.Error) : default);
        var contents = Contents(run);
        Assert.True(expected.Keys.Order().SequenceEqual(contents.Keys.Order()), $"{about} {string.Join(' ', contents.Keys)}");
        foreach (var file in expected.Keys.Except(["timings.jsonl", "environment.json"]))
            Assert.True(expected[file].AsSpan().SequenceEqual(contents[file]), $"{about} {file}");
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

    private async Task<(int Exit, string Output, string Error)> Run(string run, FaultyFiles files)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var error = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var exit = await Application.RunAsync(words.Search(run, "--rates", "0.5", "--by-shots", "none", "--no-cache"), output, error, files.Calls, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }

    private Dictionary<string, byte[]> Contents(string run) => Directory.GetFiles(words[run]).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
}
