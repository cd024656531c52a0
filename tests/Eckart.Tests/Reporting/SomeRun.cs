using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Eckart.Experiments;
using Eckart.Tests.Experiments;
using Eckart.Tests.Support;

namespace Eckart.Tests.Reporting;

/// <summary>A run's folder of made-up trials.</summary>
internal sealed class SomeRun : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<Trial> trials = [];
    private readonly string name;

    /// <param name="plan">As <c>plan.yaml</c> has it; empty for none.</param>
    /// <param name="name">Folder of the run.</param>
    public SomeRun(string plan = "name: made-up\ntitle: Made up\n", string name = "run")
    {
        this.name = name;
        if (plan.Length > 0) folder.File($"{name}/plan.yaml", plan.Contains("modules", StringComparison.Ordinal) ? plan : plan + "drop: all\n");
        folder.File($"{name}/finished.json", "{\"trials\": 0}");
        Named("a-model", "aa11");
    }

    public string Folder => Path.Combine(folder.Path, name);

    public string this[string file] => Path.Combine(Folder, file);

    public IReadOnlyList<Trial> Trials => trials;

    public string File(string file, string text) => folder.File($"{name}/{file}", text);

    /// <summary>Calls a model by a name.</summary>
    public SomeRun Named(string model, string digest)
    {
        File("environment.json", $$$"""{"eckart": "1", "dotnet": "10", "operating_system": "any", "architecture": "x64", "processors": 2, "memory_bytes": 1, "started": "2026-01-01T00:00:00Z", "digests": {"{{{model}}}": "{{{digest}}}"}}""");
        return this;
    }

    /// <summary>Adds a trial whose predictions are given as digits, right where they are equal to those of the gold.</summary>
    public Trial Add(string intervention, string predictions, string gold, string split = "test", string task = "some-task", int shots = 8, string model = "aa11", int choices = 2, string protocol = "default", Func<TrialKey, TrialKey>? change = null)
    {
        var key = SomeTrial.Key(intervention) with { Model = model, Task = task, Split = split, Shots = shots, Seed = 1, Protocol = protocol, Rows = Digest($"{task} {split} {shots} {gold}") };
        key = change?.Invoke(key) ?? key;
        var trial = Trial.From(
            key, new Dictionary<string, int>(), [.. predictions.Select(digit => Enumerable.Range(0, choices).Select(choice => choice == digit - '0' ? -0.5 : -1.5).ToArray())], [.. gold.Select(digit => digit - '0')], [.. Enumerable.Range(100, gold.Length)]);
        trials.Add(trial);
        return trial;
    }

    /// <summary>Keeps what a trial's queries ask.</summary>
    public SomeRun Texts(Trial trial, params string[] texts) => Texts(trial, texts, ["no", "yes"]);

    /// <summary>Keeps what a trial's queries ask, and the choices' words.</summary>
    public SomeRun Texts(Trial trial, string[] texts, string[] choices)
    {
        File($"items/{trial.Key.Rows[..32]}.json", JsonSerializer.Serialize(new { task = trial.Key.Task, split = trial.Split, metric = "accuracy", choices = new[] { choices }, texts }));
        return this;
    }

    /// <summary>Writes the journal.</summary>
    public SomeRun Written(string journal = "trials.jsonl")
    {
        File(journal, string.Concat(trials.Select(trial => Encoding.UTF8.GetString(trial.ToJson()) + "\n")));
        return this;
    }

    public void Dispose() => folder.Dispose();

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>A number as the tables have it.</summary>
    public static string Share(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
