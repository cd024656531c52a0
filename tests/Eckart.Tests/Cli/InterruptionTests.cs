using System.Diagnostics;
using System.Globalization;
using Eckart.Cli;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class InterruptionTests
{
    private static readonly string ManyRates = Rates(60);

    // Enough that a process is still at it when the signal reaches it, on a busy machine too; 256ths, as a rate is written with few digits.
    private static readonly string VeryManyRates = Rates(252);

    [Fact]
    public async Task An_interrupted_search_says_how_to_go_on_and_ends_in_the_same_bytes()
    {
        using var words = new Words();
        using var stop = new CancellationTokenSource();
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };

        var search = Application.RunAsync(words.Search("run", "--rates", ManyRates), output, error, stop.Token);
        await TwoTrials(words["run"]);
        await stop.CancelAsync();
        var exit = await search;

        Assert.Equal((130, ""), (exit, output.ToString()));
        var line = Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("eckart: interrupted; go on with: eckart search --model ", line, StringComparison.Ordinal);
        var kept = words.Trials("run");
        Assert.False(File.Exists(Path.Combine(words["run"], "search.json")));

        await CommandLine.Json(line[line.IndexOf("search", StringComparison.Ordinal)..].Split(' '));
        await CommandLine.Json(words.Search("undisturbed", "--rates", ManyRates));

        Assert.Equal(words.Trials("undisturbed"), words.Trials("run"));
        Assert.Subset(new HashSet<string>(Lines(words.Trials("run"))), new HashSet<string>(Lines(kept)));
    }

    private static string[] Lines(byte[] trials) => System.Text.Encoding.UTF8.GetString(trials).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public async Task Ctrl_c_on_the_process_names_the_new_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signal to send to another process");
        using var words = new Words();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "eckart.dll"), .. words.Args("search", "--rates", VeryManyRates)])
        {
            WorkingDirectory = words["."],
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };

        using var process = Process.Start(start)!;
        await TwoTrials(words["runs"]);
        Interrupt.Send(process);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        var folder = Path.GetFileName(Assert.Single(Directory.GetDirectories(words["runs"])));
        Assert.Equal(130, process.ExitCode);
        Assert.StartsWith("eckart: interrupted; go on with: eckart search ", error, StringComparison.Ordinal);
        Assert.EndsWith($" --out runs/{folder}", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("", "''")]
    [InlineData("mlp@-1:0.95+drop@2", "mlp@-1:0.95+drop@2")]
    public async Task Arguments_are_quoted_for_the_shell(string argument, string quoted)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);

        var exit = await Application.RunAsync(["search", "--model", argument], output, error, new CancellationToken(canceled: true));

        Assert.Equal(130, exit);
        Assert.EndsWith($"go on with: eckart search --model {quoted}", error.ToString().TrimEnd(), StringComparison.Ordinal);
    }

    private static string Rates(int count) => string.Join(',', Enumerable.Range(1, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{(decimal)i / (count + 4)}")));

    private static async Task TwoTrials(string folder)
    {
        var patience = Stopwatch.StartNew();
        while (Lines() < 2)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), "The search has not begun.");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        int Lines()
        {
            if (!Directory.Exists(folder) || Directory.GetFiles(folder, "trials.jsonl", SearchOption.AllDirectories) is not [var path]) return 0;
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd().Count(c => c == '\n');
        }
    }
}
