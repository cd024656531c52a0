using System.Collections.Immutable;
using Eckart.Experiments;
using Eckart.Experiments.Plans;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Training.Regression;

/// <summary>One learner of a plan of functions: one that is no model; a model that was kept; the last model under an intervention; or, with nothing set, the last model with its predictions rescaled.</summary>
internal sealed record StudiedLearner(IFunctionLearner? Other = null, KeptModel? Kept = null, Intervention? Intervention = null)
{
    // Goes into the identity of lines: raised whenever a change of the study may change a digit of them.
    private const int Version = 1;

    private const string Unedited = "none";
    private const string Rescaled = "rescaled";

    public LearnerKey Key(Plan plan, RegressionRecipe recipe, long seed, (string Digest, string Dtype) model, ImmutableArray<StudiedLearner> all) => new(
        Other is null ? model.Digest : "",
        Other?.Name ?? (Kept is not null ? Unedited : Intervention?.ToString() ?? Rescaled),
        recipe.Dimensions,
        recipe.Points,
        plan.Functions,
        seed,
        plan.Alpha,
        Intervention is null ? 0 : all.Count(one => one.Intervention is not null),
        Other is null ? model.Dtype : "",
        Version);

    public ErrorsLine Line(LearnerKey key, RegressionStudy study, Lazy<ComparedModel> compared, ComputeOptions compute, CancellationToken cancellation)
    {
        if (Intervention is { } intervention && compared.Value.Errors(intervention, cancellation) is var truncated)
            return new ErrorsLine { Id = key.Id(), Learner = key, Errors = truncated.Errors, Differences = truncated.Differences, BeyondControl = truncated.BeyondControl };
        if (Other is null && Kept is null) return new ErrorsLine { Id = key.Id(), Learner = key, Errors = compared.Value.Control, Differences = compared.Value.ControlDifferences };
        return new ErrorsLine { Id = key.Id(), Learner = key, Errors = Kept is null ? study.Errors(Other!, cancellation) : Errors(Kept, study, compute, cancellation) };
    }

    private static LearnerErrors Errors(KeptModel kept, RegressionStudy study, ComputeOptions compute, CancellationToken cancellation)
    {
        using var model = RegressionModel.Load(kept, compute);
        study.RefuseOther(kept, model.Recipe);
        return study.Errors(model, cancellation);
    }
}
