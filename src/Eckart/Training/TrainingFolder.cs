using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Eckart.Formats;

namespace Eckart.Training;

/// <summary>The folder of a training: its settings, its checkpoints, its curve, and at the end the model.</summary>
internal sealed class TrainingFolder
{
    /// <summary>Name of the folder within a training's that holds the models kept on the way, each under its number of steps.</summary>
    public const string KeptModels = "steps";

    private const string Settings = "training.json";
    private const string CheckpointExtension = ".safetensors";
    private const int LongestText = 80;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Plain) { WriteIndented = true, NewLine = "\n" };

    private readonly string path;

    private TrainingFolder(string path) => this.path = path;

    /// <summary>The points of the curve.</summary>
    public string CurveFile => Path.Combine(path, "curve.csv");

    private string Checkpoints => Path.Combine(path, "checkpoints");

    /// <summary>Opens a folder, and makes it if need be.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="settings">Everything that decides the bytes of the training's files.</param>
    /// <exception cref="InputException">It holds a training of other settings, whose differences the message lists; it holds something else; or it cannot be made.</exception>
    public static TrainingFolder Open(string path, JsonObject settings)
    {
        var folder = new TrainingFolder(path);
        var file = Path.Combine(path, Settings);
        if (!File.Exists(file))
        {
            if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
                throw new InputException(path, $"expected an empty folder or one with {Settings}, found other files", "name another --out");
            folder.Make(file, settings);
            return folder;
        }

        string[] differences = [.. Differences(Read(file), settings, "")];
        if (differences.Length > 0)
            throw new InputException(file, $"expected the settings of this training, found others: {string.Join("; ", differences)}", "name another --out, or give the settings that the folder was begun with");
        Directory.CreateDirectory(folder.Checkpoints);
        return folder;
    }

    /// <summary>Steps of the training that a folder is of; null where it is of none.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InputException">Its settings cannot be read.</exception>
    public static long? StepsOf(string path)
    {
        var file = Path.Combine(path, Settings);
        return File.Exists(file) && Read(file)["steps"] is JsonValue value && value.TryGetValue<long>(out var steps) ? steps : null;
    }

    /// <summary>Steps of every checkpoint, ascending.</summary>
    public IReadOnlyList<long> CheckpointSteps =>
    [
        .. Directory.EnumerateFiles(Checkpoints, $"*{CheckpointExtension}").Select(Path.GetFileNameWithoutExtension)
            .Select(name => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1).Where(step => step >= 0).Order(),
    ];

    /// <summary>The file of a checkpoint.</summary>
    /// <param name="step">Steps done.</param>
    public string Checkpoint(long step) => Path.Combine(Checkpoints, step.ToString("00000000", CultureInfo.InvariantCulture) + CheckpointExtension);

    /// <summary>The folder of the model as it was after some steps; made if need be.</summary>
    /// <param name="step">Steps done.</param>
    /// <exception cref="InputException">It cannot be made.</exception>
    public string MakeKept(long step)
    {
        var kept = Path.Combine(path, KeptModels, step.ToString(CultureInfo.InvariantCulture));
        MakeFolder(kept);
        return kept;
    }

    private void Make(string file, JsonObject settings)
    {
        MakeFolder(Checkpoints);
        AtomicFile.Write(file, Encoding.UTF8.GetBytes(settings.ToJsonString(Indented) + "\n"));
    }

    private static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected a folder for the training, found: {exception.Message}", "name another --out", exception);
        }
    }

    private static IEnumerable<string> Differences(JsonObject found, JsonObject asked, string prefix) =>
        asked.Select(pair => pair.Key).Union(found.Select(pair => pair.Key)).SelectMany(key => (found[key], asked[key]) switch
        {
            (JsonObject before, JsonObject now) => Differences(before, now, $"{prefix}{key}."),
            var (before, now) when JsonNode.DeepEquals(before, now) => [],
            var (before, now) => [$"{prefix}{key} {Text(before)} there, {Text(now)} asked for"],
        });

    private static string Text(JsonNode? value) => value?.ToJsonString(Plain) is not { } text ? "absent" : text.Length <= LongestText ? text : $"{text[..LongestText]}…";

    private static JsonObject Read(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(file)) as JsonObject ?? throw new JsonException("no object");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, $"expected the settings of a training, found: {exception.Message}", "name another --out", exception);
        }
    }
}
