using System.Text.Json;

namespace Eckart.Experiments.Plans;

/// <summary>What trials took, from the <c>timings*.jsonl</c> of a run's folder, which nothing but an estimate is made of: what cannot be read is passed over.</summary>
internal static class Timings
{
    /// <summary>Seconds that a trial took on average; null where none is timed.</summary>
    public static double? SecondsATrial(string folder)
    {
        double[] seconds = [.. Directory.GetFiles(folder, "timings*.jsonl").SelectMany(Seconds)];
        return seconds.Length == 0 ? null : seconds.Average();
    }

    private static IEnumerable<double> Seconds(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        foreach (var (line, terminated) in LineReader.Read(stream, path))
            if (terminated && Parsed(line) is { } seconds) yield return seconds;
    }

    private static double? Parsed(byte[] line)
    {
        try
        {
            using var timing = JsonDocument.Parse(line);
            return timing.RootElement.TryGetProperty("seconds", out var seconds) && seconds.TryGetDouble(out var value) && value >= 0 ? value : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
