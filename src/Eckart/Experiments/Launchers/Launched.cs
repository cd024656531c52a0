using System.Text.Json;
using Eckart.Formats;

namespace Eckart.Experiments.Launchers;

/// <summary>How a run was launched in shares: the <c>launched.json</c> of its folder, so that shares that have yet to begin are known.</summary>
/// <param name="Launcher"><c>local</c> or <c>slurm</c>.</param>
/// <param name="Shards">How many.</param>
/// <param name="Jobs">Slurm's numbers, of the array and of the merge; none of <c>local</c>.</param>
public sealed record Launched(string Launcher, int Shards, IReadOnlyList<string> Jobs)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "launched.json";

    /// <summary>Reads that of a folder; null where the run was started by hand.</summary>
    /// <exception cref="InputException">It is something else.</exception>
    public static Launched? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            if (JsonSerializer.Deserialize<Launched>(File.ReadAllBytes(path), TrialJson.Options) is { Shards: >= 1 and <= Plans.Shard.Most } launched) return launched;
        }
        catch (JsonException exception)
        {
            throw Malformed(path, exception);
        }

        throw Malformed(path, null);
    }

    private static InputException Malformed(string path, Exception? inner) => new(path, "expected how a run was launched, found something else", "remove it and launch again", inner);
}
