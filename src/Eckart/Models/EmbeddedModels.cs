using System.Collections.Immutable;

namespace Eckart.Models;

/// <summary>The small models that come with the library, trained by itself on generated text: folders beside its assembly.</summary>
public static class EmbeddedModels
{
    /// <summary>Name of the one that is taken where none is named.</summary>
    public const string Default = "microworld-llama";

    /// <summary>Name of the one that learns linear functions in context; no language model.</summary>
    public const string Functions = "functions";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>Names of those that are there, sorted; none in a build without them.</summary>
    public static ImmutableArray<string> Names { get; } = Directory.Exists(Folder)
        ? [.. Directory.EnumerateDirectories(Folder).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Folder of one, in Hugging Face layout; null where there is none of that name.</summary>
    /// <param name="name">One of <see cref="Names"/>; with <c>@1500</c>, as it was after so many steps of its training, where that was kept.</param>
    public static string? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Split('@') is [var whole, var step] && step.All(char.IsAsciiDigit) && Names.Contains(whole) && Path.Combine(Folder, whole, "steps", step) is var kept)
            return step.Length > 0 && Directory.Exists(kept) ? kept : null;
        return Names.Contains(name) ? Path.Combine(Folder, name) : null;
    }
}
