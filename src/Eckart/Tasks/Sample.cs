using System.Collections.Immutable;

namespace Eckart.Tasks;

/// <summary>A task's rows, drawn and rendered.</summary>
/// <param name="Variant">The task and protocol.</param>
/// <param name="Seed">The seed that drew the rows.</param>
/// <param name="Demonstrations">Those in every prompt, of those sampled; an item's prompt is its own text.</param>
/// <param name="Validation">Items that the search may look at; the same rows for every number of demonstrations.</param>
/// <param name="Test">Items that it may not; the same rows for every number of demonstrations.</param>
/// <param name="Renderer">Renders further rows, labelled or not, after the same demonstrations.</param>
/// <param name="Notes">What every report of these rows has to say, a sentence each.</param>
public sealed record Sample(
    TaskVariant Variant, long Seed, ItemSet Demonstrations, ItemSet Validation, ItemSet Test, ItemRenderer Renderer, ImmutableArray<string> Notes);
