using System.Collections.Immutable;
using Eckart.Formats;

namespace Eckart.Tasks;

/// <summary>A task as its file defines it, checked.</summary>
/// <param name="Name">Short name, also of its folder of data.</param>
/// <param name="Version">Raised whenever a prompt, a choice or a rule of the file changes.</param>
/// <param name="Title">One line for people.</param>
/// <param name="Source">Where the data comes from.</param>
/// <param name="Variants">The task under each protocol that it knows; always under <see cref="Protocol.Default"/>.</param>
public sealed record TaskDefinition(string Name, int Version, string Title, TaskSource Source, ImmutableSortedDictionary<Protocol, TaskVariant> Variants)
{
    /// <summary>The task under a protocol.</summary>
    /// <exception cref="InputException">The task lacks that protocol.</exception>
    public TaskVariant For(Protocol protocol) => Variants.TryGetValue(protocol, out var variant)
        ? variant
        : throw new InputException($"task '{Name}'", $"expected a protocol of this task ({string.Join(", ", Variants.Keys.Select(Word))}), found '{Word(protocol)}'", "choose one of those, or add it under 'protocols' in the task's file");

    private static string Word(Protocol protocol) => protocol.ToString().ToLowerInvariant();
}
