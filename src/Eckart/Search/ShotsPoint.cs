using Eckart.Experiments;

namespace Eckart.Search;

/// <summary>The unedited model and the chosen one on the same test rows, with so many demonstrations.</summary>
/// <param name="Shots">Demonstrations.</param>
/// <param name="Before">Unedited.</param>
/// <param name="After">Chosen; the same trial where nothing was edited.</param>
public sealed record ShotsPoint(int Shots, Trial Before, Trial After);
