using System.Globalization;
using System.Text.Json;
using Eckart.Statistics;

namespace Eckart.Experiments;

/// <summary>How well a learner learns functions from examples, as a journal keeps it.</summary>
public sealed record ErrorsLine : IJournalLine
{
    internal static ReadOnlySpan<byte> KeyName => "learner"u8;

    /// <inheritdoc/>
    public required string Id { get; init; }

    /// <summary>Which learner on which functions: what <see cref="Id"/> is the hash of.</summary>
    public required LearnerKey Learner { get; init; }

    /// <summary>Its errors by the number of examples.</summary>
    public required LearnerErrors Errors { get; init; }

    /// <summary>Those less the unedited model's on the same functions; null for learners that are no edited model.</summary>
    public LearnerErrors? Differences { get; init; }

    /// <summary>Those less the errors of the unedited model with its predictions rescaled; null for learners that are no edited model.</summary>
    public LearnerErrors? BeyondControl { get; init; }

    /// <inheritdoc/>
    string IJournalLine.Label => string.Create(CultureInfo.InvariantCulture, $"{Learner.Name} on {Learner.Functions} functions of seed {Learner.Seed}");

    /// <inheritdoc/>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, TrialJson.Options);

    internal string? Contradiction() => Contradiction(Errors, "errors") ?? Contradiction(Differences, "differences") ?? Contradiction(BeyondControl, "differences beyond control")
        ?? (Errors.Means.Append(Errors.Mean).All(error => error >= 0) ? null : "expected errors from 0 up, found others");

    private string? Contradiction(LearnerErrors? errors, string what)
    {
        if (errors is null) return null;
        if (errors.Means.IsDefault || errors.Intervals.IsDefault || errors.Means.Length != Learner.Points || errors.Intervals.Length != Learner.Points)
            return $"expected {Learner.Points} {what} and intervals, found {(errors.Means.IsDefault ? 0 : errors.Means.Length)} and {(errors.Intervals.IsDefault ? 0 : errors.Intervals.Length)}";
        if (!errors.Means.Append(errors.Mean).All(double.IsFinite)) return $"expected finite {what}, found others";
        var intervals = errors.Intervals.Append(errors.MeanInterval).Append(errors.SimultaneousInterval ?? default);
        return intervals.All(one => double.IsFinite(one.Low) && double.IsFinite(one.High) && one.Low <= one.High) ? null : $"expected finite intervals of {what}, the lower end first, found others";
    }
}

/// <summary>A learner on a number of functions.</summary>
/// <param name="Model">Digest of the model; empty for a learner that is none.</param>
/// <param name="Name">Of the learner: an intervention, <c>none</c> for the unedited model; <c>rescaled</c>, its predictions times a number; or e.g. <c>least squares</c>.</param>
/// <param name="Dimensions">Of an x.</param>
/// <param name="Points">Of a function.</param>
/// <param name="Functions">How many.</param>
/// <param name="Seed">Of the functions.</param>
/// <param name="Alpha">One minus the level of the intervals.</param>
/// <param name="Compared">Interventions that are tried on the model in all, over which intervals hold together.</param>
/// <param name="Dtype">Of the model's products, as trials have it, e.g. <c>f32</c>; empty for a learner that is no model.</param>
/// <param name="Version">Of how errors are measured; raised whenever a digit of them may change.</param>
public sealed record LearnerKey(string Model, string Name, int Dimensions, int Points, int Functions, long Seed, double Alpha, int Compared, string Dtype, int Version)
{
    /// <summary>Its hash.</summary>
    public string Id() => JournalLine.IdOf(this);
}
