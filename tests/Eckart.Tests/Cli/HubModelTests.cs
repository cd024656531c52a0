using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>The program as a process of its own, as the hub is found by the environment.</summary>
public sealed class HubModelTests : IDisposable
{
    private readonly LoopbackHub hub = new();
    private readonly Words words = new();

    public HubModelTests()
    {
        hub.Files.Clear();
        foreach (var file in Directory.GetFiles(words.Model)) hub.Files[Path.GetFileName(file)] = File.ReadAllBytes(file);
        hub.Files["README.md"] = [1];
    }

    public void Dispose()
    {
        hub.Dispose();
        words.Dispose();
    }

    [Fact]
    public async Task Inspect_downloads_a_model_once_and_finds_it_offline()
    {
        var (exit, output, error) = await Run("inspect", "--model", LoopbackHub.Id, "--json");

        Assert.True(exit == 0, error);
        var bytes = hub.Files.Where(file => file.Key != "README.md").Sum(file => file.Value.Length) / 1e6;
        var amount = bytes.ToString("0.00", CultureInfo.InvariantCulture);
        Assert.Contains($"download org/tiny {amount}/{amount} MB, ", error, StringComparison.Ordinal);
        using (var document = JsonDocument.Parse(output))
            Assert.Equal((hub.Snapshot, 21), (document.RootElement.GetProperty("model").GetString(), document.RootElement.GetProperty("matrices").GetArrayLength()));
        Assert.Equal(4, hub.Asked.Count());

        hub.Environment["HF_HUB_OFFLINE"] = "1";
        Assert.Equal((0, output, ""), await Run("inspect", "--model", LoopbackHub.Id, "--json", "--quiet"));
        Assert.StartsWith("org/tiny: condition numbers", (await Run("inspect", "--model", LoopbackHub.Id, "--quiet")).Output, StringComparison.Ordinal);
        Assert.Equal(4, hub.Asked.Count());
        Assert.DoesNotContain(hub.Asked, path => path.Contains("README", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("models show org/tiny", "family             llama")]
    [InlineData("tokenize --model org/tiny --text hi", "{\"ids\":")]
    [InlineData("score --model org/tiny --input in.jsonl --quiet", "{\"log_probabilities\":")]
    [InlineData("evaluate --model org/tiny --task TASK --quiet", "org/tiny on ")]
    [InlineData("search --model org/tiny --task TASK --quiet --rates 0.5 --out OUT", "org/tiny on ")]
    [InlineData("bench --model org/tiny --task TASK --protocol default --cases prefix --dtype f32 --quick --threads 1 --quiet --json", "\"prefix\"")]
    [InlineData("tasks show TASK --model org/tiny", "choice 0: ")]
    public async Task Every_verb_takes_an_id(string line, string output)
    {
        File.WriteAllText(words["in.jsonl"], """{"prompt": "a", "choices": [" b", " c"]}""");

        var answer = await Run(line.Replace("TASK", words.Task, StringComparison.Ordinal).Replace("OUT", words["run"], StringComparison.Ordinal).Split(' '));

        Assert.True(answer.Exit == 0, answer.Error);
        Assert.Contains(output, answer.Output, StringComparison.Ordinal);
        Assert.Equal(line.StartsWith("tokenize", StringComparison.Ordinal), !hub.Asked.Any(path => path.EndsWith(".safetensors", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_folder_of_that_name_is_a_path()
    {
        Directory.CreateDirectory(words["org"]);
        Directory.Move(words.Model, words["org/tiny"]);

        var (exit, output, error) = await Run("models", "show", LoopbackHub.Id, "--json");

        Assert.True(exit == 0, error);
        Assert.Contains("\"model\":\"org/tiny\"", output.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(hub.Asked);
    }

    [Fact]
    public async Task A_hub_that_cannot_be_reached_leaves_the_cache_and_a_note()
    {
        await Run("models", "show", LoopbackHub.Id);
        hub.Misbehave = _ => new LoopbackReply(503, []);

        var (exit, _, error) = await Run("models", "show", LoopbackHub.Id);

        Assert.Equal((0, $"org/tiny: the hub cannot be reached; its commit {hub.Commit} is in the cache and is used\n"), (exit, error));
    }

    [Fact]
    public async Task A_refusal_is_one_line_and_exit_2()
    {
        const string secret = "hf_secretsecret";
        hub.Environment["HF_TOKEN"] = secret;
        hub.Misbehave = _ => new LoopbackReply(403, []);

        var (exit, output, error) = await Run("inspect", "--model", LoopbackHub.Id);

        Assert.Equal((2, ""), (exit, output));
        Assert.StartsWith("eckart: org/tiny: expected a model that may be read with the token given, found HTTP 403; accept its terms at http://127.0.0.1:", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, error, StringComparison.Ordinal);
        Assert.Equal($"Bearer {secret}", hub.Server.Requests[0].Header("Authorization"));
    }

    [Fact]
    public async Task A_task_without_its_data_is_refused_before_a_model_is_downloaded()
    {
        var (exit, _, error) = await Run("evaluate", "--model", LoopbackHub.Id, "--task", "cb");

        Assert.Equal(2, exit);
        Assert.Contains("--data", error, StringComparison.Ordinal);
        Assert.Empty(hub.Asked);
    }

    [Fact]
    public async Task Two_processes_at_once_download_each_file_once_and_both_are_served()
    {
        var first = Run("models", "show", LoopbackHub.Id, "--json");
        var second = await Run("models", "show", LoopbackHub.Id, "--json");

        Assert.Equal((0, second.Output), ((await first).Exit, (await first).Output));
        Assert.Equal(0, second.Exit);
        Assert.All(hub.Files.Keys.Where(name => name != "README.md"), name => Assert.Single(hub.Asked, path => path.EndsWith($"/{name}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_kill_leaves_nothing_that_is_taken_for_whole()
    {
        const string weights = "model.safetensors";
        hub.Misbehave = request => request.Path.EndsWith(weights, StringComparison.Ordinal) && request.From == 0 ? hub.Behave(request) with { DropAfter = 3000, Hold = true } : null;

        using (var killed = Start("inspect", "--model", LoopbackHub.Id))
        {
            await Arrival($"{hub.Blob(weights)}.incomplete", 3000);
            killed.Kill();
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        hub.Environment["HF_HUB_OFFLINE"] = "1";
        var (exit, _, error) = await Run("inspect", "--model", LoopbackHub.Id);
        Assert.Equal(2, exit);
        Assert.Contains("expected it in the hub's cache", error, StringComparison.Ordinal);
        Assert.Equal(2, (await Run("inspect", "--model", $"{LoopbackHub.Id}@{hub.Commit}")).Exit);

        hub.Environment.Remove("HF_HUB_OFFLINE");
        Assert.Equal(0, (await Run("inspect", "--model", LoopbackHub.Id)).Exit);
        Assert.Equal("bytes=3000-", hub.Server.Requests[^1].Header("Range"));
    }

    [Fact]
    public async Task Ctrl_c_keeps_what_has_arrived()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signal to send to another process");
        const string weights = "model.safetensors";
        hub.Misbehave = request => request.Path.EndsWith(weights, StringComparison.Ordinal) && request.From == 0 ? hub.Behave(request) with { DropAfter = 3000, Hold = true } : null;

        using var interrupted = Start("inspect", "--model", LoopbackHub.Id, "--json", "--quiet");
        var part = $"{hub.Blob(weights)}.incomplete";
        await Arrival(part, 3000);

        Interrupt.Send(interrupted);
        var error = await interrupted.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await interrupted.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((130, "eckart: interrupted; go on with: eckart inspect --model org/tiny --json --quiet\n"), (interrupted.ExitCode, error));
        Assert.Equal(3000, new FileInfo(part).Length);
        Assert.Equal(0, (await Run("inspect", "--model", LoopbackHub.Id, "--json", "--quiet")).Exit);
        Assert.Equal([null, "bytes=3000-"], hub.Server.Requests.Where(request => request.Path.EndsWith(weights, StringComparison.Ordinal)).Select(request => request.Header("Range")));
    }

    private async Task<(int Exit, string Output, string Error)> Run(params string[] args)
    {
        using var process = Start(args);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, error);
    }

    private static async Task Arrival(string part, long bytes)
    {
        var patience = Stopwatch.StartNew();
        while (!File.Exists(part) || new FileInfo(part).Length < bytes)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), "The download has not begun.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "eckart.dll"), .. args]) { WorkingDirectory = words["."], RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var name in new[] { "HF_TOKEN", "HF_TOKEN_PATH", "HF_HUB_CACHE", "HF_HUB_OFFLINE" }) start.Environment.Remove(name);
        foreach (var (name, value) in hub.Environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
