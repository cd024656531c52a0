using System.Collections.Immutable;

namespace Eckart.Statistics;

/// <summary>Squared errors over d by the number of examples, or differences of such: means over functions, with bootstrap intervals.</summary>
/// <param name="Name">Of the learner.</param>
/// <param name="Means">(points): after 0, 1, 2, … examples.</param>
/// <param name="Intervals">Of each.</param>
/// <param name="Mean">Over all numbers of examples.</param>
/// <param name="MeanInterval">Of that.</param>
public sealed record LearnerErrors(string Name, ImmutableArray<double> Means, ImmutableArray<Interval> Intervals, double Mean, Interval MeanInterval)
{
    /// <summary>Interval of <see cref="Mean"/> that holds together with those of all other interventions tried (Bonferroni); null where none was compared.</summary>
    public Interval? SimultaneousInterval { get; init; }

    /// <summary>Summarises the errors of one learner.</summary>
    /// <param name="name">Of the learner.</param>
    /// <param name="errors">(functions, points), row by row.</param>
    /// <param name="points">Points of a function.</param>
    /// <param name="alpha">One minus the level of the intervals.</param>
    /// <param name="compared">Interventions that are tried in all; 0 where the errors are no differences.</param>
    public static LearnerErrors Of(string name, IReadOnlyList<double> errors, int points, double alpha, int compared = 0)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var functions = errors.Count / points;
        var withMean = new double[functions * (points + 1)];        // the mean over all examples is one more column
        for (var function = 0; function < functions; function++)
            for (var i = 0; i < points; i++)
            {
                withMean[(function * (points + 1)) + i] = errors[(function * points) + i];
                withMean[(function * (points + 1)) + points] += errors[(function * points) + i] / points;
            }

        double MeanOf(int column) => Enumerable.Range(0, functions).Sum(function => withMean[(function * (points + 1)) + column]) / functions;
        var bootstrap = MeanBootstrap.Of(withMean, points + 1);
        return new LearnerErrors(name, [.. Enumerable.Range(0, points).Select(MeanOf)], [.. Enumerable.Range(0, points).Select(i => bootstrap.Interval(i, alpha))], MeanOf(points), bootstrap.Interval(points, alpha))
        {
            SimultaneousInterval = compared > 0 ? bootstrap.Interval(points, alpha / compared) : null,
        };
    }
}
