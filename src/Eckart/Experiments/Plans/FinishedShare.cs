using System.Globalization;
using System.Text.Json;
using Eckart.Formats;

namespace Eckart.Experiments.Plans;

/// <summary>Says that a share was run to its end: <c>finished.json</c>, <c>finished-3-of-64.json</c>. In a search the journal alone cannot tell.</summary>
/// <param name="Trials">That its journal then held.</param>
public sealed record FinishedShare(int Trials)
{
    /// <summary>The file's name.</summary>
    public static string NameOf(Shard shard) =>
        shard.Of == 1 ? "finished.json" : string.Create(CultureInfo.InvariantCulture, $"finished-{shard.Number}-of-{shard.Of}.json");

    /// <summary>Writes it; its share's journal must be complete.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Keep(RunFolder folder, Shard shard)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder.WriteJson(NameOf(shard), this);
    }

    /// <summary>Whether a share is finished: the file is there, and the journal has not lost any trial since.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="shard">The share.</param>
    /// <param name="trials">That its journal holds now.</param>
    public static bool Is(string folder, Shard shard, int trials)
    {
        var path = Path.Combine(folder, NameOf(shard));
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize<FinishedShare>(File.ReadAllBytes(path), TrialJson.Options) is { } finished && trials >= finished.Trials;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
