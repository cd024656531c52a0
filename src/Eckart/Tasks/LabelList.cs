using System.Collections.Immutable;

namespace Eckart.Tasks;

/// <summary>Labels written together, <c>"1,2,3"</c>.</summary>
internal static class LabelList
{
    /// <summary>The labels, without the spaces around them.</summary>
    public static ImmutableArray<string> Split(string text) => [.. text.Split(',', StringSplitOptions.TrimEntries)];
}
