using System.Globalization;

namespace Eckart.Training;

/// <summary>A model of a training, as it was after some steps.</summary>
/// <param name="Name">For reports: its number of steps, or its folder's name.</param>
/// <param name="Path">Its folder, in Hugging Face layout.</param>
public sealed record KeptModel(string Name, string Path)
{
    /// <summary>The models that a training kept on its way, by steps, and last its final one; of any other folder, that folder alone.</summary>
    /// <param name="folder">A training's, or a model's.</param>
    /// <exception cref="Formats.InputException">The training's settings cannot be read.</exception>
    public static IReadOnlyList<KeptModel> In(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var steps = TrainingFolder.StepsOf(folder);
        var last = new KeptModel(steps is { } all ? Text(all) : System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder))), folder);
        var kept = System.IO.Path.Combine(folder, TrainingFolder.KeptModels);
        if (!Directory.Exists(kept)) return [last];
        return
        [
            .. Directory.EnumerateDirectories(kept)
                .Select(path => (Path: path, Step: long.TryParse(System.IO.Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1))
                .Where(one => one.Step >= 0 && one.Step != steps).OrderBy(one => one.Step).Select(one => new KeptModel(Text(one.Step), one.Path)),
            last,
        ];
    }

    private static string Text(long steps) => string.Create(CultureInfo.InvariantCulture, $"{steps} steps");
}
