using Eckart.Experiments;
using Eckart.Pruning;

namespace Eckart.Search;

/// <summary>An intervention that was tried on validation.</summary>
/// <param name="Rate">Its clipping rate; 0 for the unedited model.</param>
/// <param name="Layer">Its layer; null for the unedited model.</param>
/// <param name="Intervention">Resolved for the model.</param>
/// <param name="Trial">What came of it.</param>
public sealed record Candidate(ClippingRate Rate, int? Layer, Intervention Intervention, Trial Trial);
