using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Training.Regression;

/// <summary>A model of linear functions to which interventions are compared, each on the same functions.</summary>
public sealed class ComparedModel
{
    private readonly RegressionStudy study;
    private readonly RegressionModel model;
    private readonly double[] unedited;
    private readonly double[] control;
    private readonly int compared;

    internal ComparedModel(RegressionStudy study, RegressionModel model, Rescaled rescaled, double[] unedited, double[] control, int compared)
    {
        (this.study, this.model, this.unedited, this.control, this.compared) = (study, model, unedited, control, compared);
        (Factor, Control, ControlDifferences) = (rescaled.Factor, study.Summary(rescaled.Name, control), study.Difference(rescaled.Name, control, unedited, compared: 1));
    }

    /// <summary>The best number for the predictions to be multiplied by, on other functions.</summary>
    public double Factor { get; }

    /// <summary>Errors of the unedited model with its predictions times <see cref="Factor"/>.</summary>
    public LearnerErrors Control { get; }

    /// <summary>Those less the errors without it.</summary>
    public LearnerErrors ControlDifferences { get; }

    /// <summary>Errors under an intervention; the model is as it was afterwards.</summary>
    /// <param name="intervention">Resolved.</param>
    /// <param name="cancellation">Stops between functions.</param>
    /// <exception cref="Formats.InputException">The edited model predicts NaN or infinity, or a weight is.</exception>
    public TruncationErrors Errors(Intervention intervention, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(intervention);
        using var editor = new WeightEditor(model.Model, SvdKind.Exact, study.Seed);
        using var edit = editor.Apply(intervention);
        var name = intervention.ToString();
        var squares = study.Squares(model, name, cancellation);
        return new TruncationErrors(intervention, study.Summary(name, squares), study.Difference(name, squares, unedited, compared), study.Difference(name, squares, control, compared));
    }
}
