using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Training.Regression;

/// <summary>What an intervention does to a model of linear functions.</summary>
/// <param name="Intervention">Resolved.</param>
/// <param name="Errors">Of the edited model.</param>
/// <param name="Differences">Its errors less those of the unedited model on the same functions: below 0 it is better.</param>
/// <param name="BeyondControl">Its errors less those of the unedited model whose predictions are rescaled.</param>
public sealed record TruncationErrors(Intervention Intervention, LearnerErrors Errors, LearnerErrors Differences, LearnerErrors BeyondControl);
