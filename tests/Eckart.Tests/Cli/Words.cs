using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>A tiny model and a task of twenty rows, in a folder of one test: 2 demonstrations, 6 validation and 12 test items.</summary>
internal sealed class Words : IDisposable
{
    public const string Yaml = """
        name: words
        title: Word or number
        data: words.csv
        label: kind
        choices:
          word: " a"
          number: " b"
        query: "{text|strip} ="
        split:
          seed: 7
          demonstrations: { per_class: 1 }
          validation: { per_class: 3, skip: 1 }
          test: { rest: true }
        """;

    private readonly TemporaryFolder folder = new();

    public Words()
    {
        Model = TinyModel.Write(folder);
        Task = folder.File("words.yaml", Yaml);
        folder.File("words.csv", Rows);
    }

    public static string Rows { get; } = "text,kind\n" + string.Concat("cat dog sun sea map hat pen cup box fox".Split(' ')
        .Select((word, i) => string.Create(CultureInfo.InvariantCulture, $"{word},word\n{(7 * i) + 1},number\n")));

    public string Model { get; }

    public string Task { get; }

    public string this[string name] => Path.Combine(folder.Path, name);

    public string File(string name, string text) => folder.File(name, text);

    public string ModelWith(string name, Action<Dictionary<string, (long[] Shape, float[] Values)>> change) => TinyModel.Write(folder, name, change);

    /// <summary>A model with another configuration than its weights were made for.</summary>
    public string ModelConfigured(string name, string key, JsonNode? value)
    {
        var path = TinyModel.Write(folder, name);
        var config = TinyModel.LlamaConfig();
        config[key] = value;
        folder.File($"{name}/config.json", config.ToJsonString());
        return path;
    }

    /// <summary>A verb on this model and task, without progress.</summary>
    public string[] Args(string verb, params string[] more) => [verb, "--model", Model, "--task", Task, "--threads", "1", "--quiet", .. more];

    /// <summary>A search of two rates into a folder of this test.</summary>
    public string[] Search(string run, params string[] more) => Args("search", ["--out", this[run], .. more.Contains("--rates") ? more : ["--rates", "0.5,0.9", .. more]]);

    public byte[] Trials(string run) => System.IO.File.ReadAllBytes(Path.Combine(this[run], "trials.jsonl"));

    public void Dispose() => folder.Dispose();
}
