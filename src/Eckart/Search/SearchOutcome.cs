using System.Collections.Immutable;
using Eckart.Experiments;

namespace Eckart.Search;

/// <summary>What a search over one module of one episode found.</summary>
/// <param name="Task">The model at the task; open while this is told of.</param>
/// <param name="Searched">What was tried.</param>
/// <param name="Result">What was found.</param>
/// <param name="ByShots">The unedited and the chosen model after other numbers of demonstrations; may be empty.</param>
/// <param name="Notes">What a report has to say, a sentence each.</param>
public sealed record SearchOutcome(TaskSession Task, SearchedLayers Searched, SearchResult Result, IReadOnlyList<ShotsPoint> ByShots, ImmutableArray<string> Notes);
