using System.Collections.Immutable;
using Eckart.Statistics;

namespace Eckart.Training.Regression;

/// <summary>What interventions do to a model of linear functions, and what a number times its predictions would do.</summary>
/// <param name="Factor">The number: the best for as many other functions.</param>
/// <param name="Control">Errors of the unedited model with its predictions times the number.</param>
/// <param name="ControlDifferences">Those less the errors without the number.</param>
/// <param name="Truncations">An entry an intervention, in the order asked for.</param>
public sealed record TruncationStudy(double Factor, LearnerErrors Control, LearnerErrors ControlDifferences, ImmutableArray<TruncationErrors> Truncations);
