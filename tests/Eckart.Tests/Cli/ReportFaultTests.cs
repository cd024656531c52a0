using System.Globalization;
using Eckart.Cli;
using Eckart.Tests.Reporting;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>Every call to the file system that a report makes fails, in a folder with an older report and in one without: each file is the old one or the new one, whole, and the same command again ends in the same bytes.</summary>
public sealed class ReportFaultTests
{
    private const string Gold = "0101010101";

    [Theory]
    [InlineData(Fault.Full)]
    [InlineData(Fault.ShortThenFull)]
    [InlineData(Fault.Death)]
    internal Task A_report_outlives_a_fault_at_any_call(Fault fault) => Survive(fault, withOlder: true);

    [Fact]
    internal Task A_first_report_that_dies_at_any_call_is_made_anew() => Survive(Fault.Death, withOlder: false);

    [LongFact]
    public async Task A_report_outlives_every_fault_at_any_call()
    {
        foreach (var fault in Enum.GetValues<Fault>().Except([Fault.None]))
        {
            await Survive(fault, withOlder: true);
            await Survive(fault, withOlder: false);
        }
    }

    private static async Task Survive(Fault fault, bool withOlder)
    {
        using var run = new SomeRun();
        using var older = new TemporaryFolder();
        run.Add("none", "0000000000", Gold);
        run.Add("mlp@0:0.5", Gold, Gold);
        await Report(run.Written().Folder, older.Path, new FaultyFiles());
        run.Add("mlp@0:0.9", "1111111111", Gold);
        run.Add("drop@1", "0100000000", Gold);
        run.Written();
        using var folder = new TemporaryFolder();
        var counting = new FaultyFiles();
        await Report(run.Folder, folder.Path, counting);
        var (before, after) = (withOlder ? Contents(older.Path) : [], Contents(folder.Path));
        Assert.Equal(["figures/drops.png", "figures/drops.svg", "figures/rates.png", "figures/rates.svg", "report.html", "report.md", "results.csv"], after.Keys.Select(Short).Order(StringComparer.Ordinal));

        var struck = fault == Fault.DeniedForGood ? Fault.Denied : fault;
        for (var place = 0; place < counting.Made.Count; place++)
            if (FaultyFiles.Concerns(struck, counting.Made[place])) await Survive(fault, place, run.Folder, before, after);
    }

    private static async Task Survive(Fault fault, int place, string run, Dictionary<string, byte[]> before, Dictionary<string, byte[]> after)
    {
        var (files, about) = (new FaultyFiles(fault, place), $"{fault} at call {place}");
        using var folder = new TemporaryFolder();
        foreach (var (name, bytes) in before) folder.File(name, bytes);

        var (exit, error) = await Report(run, folder.Path, files);

        if (exit == 2) Assert.Matches(@"\Aeckart: [^\n]+: expected [^\n]+, found: [^\n]+; [^\n]+\n\z", error);
        else Assert.True(exit == 0 || (exit == 1 && error.Contains("process has died", StringComparison.Ordinal)), $"{about}: exit {exit}: {error}");
        foreach (var (name, bytes) in Contents(folder.Path).Where(file => !file.Key.EndsWith(".tmp", StringComparison.Ordinal)))
            Assert.True(bytes.AsSpan().SequenceEqual(after[name]) || (before.TryGetValue(name, out var old) && bytes.AsSpan().SequenceEqual(old)), $"{about}: {name} is neither the old file nor the new one");
        Assert.True(before.Keys.All(name => File.Exists(Path.Combine(folder.Path, name))), $"{about}: an old file is gone");
        if (exit == 2 && fault is Fault.Full or Fault.Short or Fault.Denied) Assert.DoesNotContain(Contents(folder.Path).Keys, name => name.EndsWith(".tmp", StringComparison.Ordinal));

        Assert.Equal((0, ""), await Report(run, folder.Path, new FaultyFiles()));
        var contents = Contents(folder.Path);
        Assert.True(after.Keys.Order(StringComparer.Ordinal).SequenceEqual(contents.Keys.Order(StringComparer.Ordinal)), $"{about}: {string.Join(' ', contents.Keys)}");
        foreach (var (name, bytes) in contents) Assert.True(bytes.AsSpan().SequenceEqual(after[name]), $"{about}: {name} differs");
    }

    private static async Task<(int Exit, string Error)> Report(string run, string into, FaultyFiles files)
    {
        using var error = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var exit = await Application.RunAsync(["report", run, "--out", into], TextWriter.Null, error, files.Calls, TestContext.Current.CancellationToken);
        return (exit, error.ToString());
    }

    private static Dictionary<string, byte[]> Contents(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllBytes);

    private static string Short(string name) => name.StartsWith("figures/", StringComparison.Ordinal) ? "figures/" + name[(name.LastIndexOf('-') + 1)..] : name;
}
