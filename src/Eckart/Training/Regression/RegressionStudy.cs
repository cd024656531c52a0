using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Training.Regression;

/// <summary>How well a model learns functions in context: against other learners, at several training steps, and truncated. All on the same functions.</summary>
/// <param name="recipe">Of the models.</param>
/// <param name="settings">How many functions, and the level.</param>
/// <remarks><b>Source</b>: Figure 5 of arXiv 2406.03768, after Garg et al. 2022, arXiv 2208.01066; truncation is beyond both.</remarks>
public sealed class RegressionStudy(RegressionRecipe recipe, RegressionStudySettings settings)
{
    private const ulong Purpose = 0x6576_616C_7561_7465;   // "evaluate": other streams than the training's

    private readonly FunctionSample[] samples =
        [.. Enumerable.Range(0, settings.Functions).Select(i => FunctionSample.Draw(SeededDraws.At(Purpose, (ulong)settings.Seed, (ulong)i), recipe.Dimensions, recipe.Points, recipe.Dimensions))];

    /// <summary>The learners that a model is measured against.</summary>
    public static ImmutableArray<IFunctionLearner> Baselines { get; } = [new LeastSquares(), new NearestNeighbours(), new Averaging()];

    /// <summary>Errors of a learner.</summary>
    /// <param name="learner">Of this study's recipe, where it has one.</param>
    /// <param name="cancellation">Stops between functions.</param>
    /// <exception cref="InputException">It predicts NaN or infinity.</exception>
    public LearnerErrors Errors(IFunctionLearner learner, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(learner);
        return LearnerErrors.Of(learner.Name, Squares(learner, learner.Name, cancellation), recipe.Points, settings.Alpha);
    }

    /// <summary>Errors of a model under interventions.</summary>
    /// <param name="model">Edited for a while, and as it was afterwards.</param>
    /// <param name="interventions">Resolved; none the unedited model.</param>
    /// <param name="onDone">Called after each; may be null.</param>
    /// <param name="cancellation">Stops between functions.</param>
    /// <exception cref="InputException">The edited model predicts NaN or infinity, or a weight is.</exception>
    public IReadOnlyList<TruncationErrors> Truncated(RegressionModel model, IReadOnlyList<Intervention> interventions, Action? onDone = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(interventions);
        var unedited = Squares(model, model.Name, cancellation);
        using var editor = new WeightEditor(model.Model, SvdKind.Exact, settings.Seed);
        return
        [
            .. interventions.Select(intervention =>
            {
                using var edit = editor.Apply(intervention);
                var (name, squares) = (intervention.ToString(), Squares(model, intervention.ToString(), cancellation));
                double[] differences = [.. squares.Zip(unedited, (after, before) => after - before)];
                onDone?.Invoke();
                return new TruncationErrors(intervention, LearnerErrors.Of(name, squares, recipe.Points, settings.Alpha), LearnerErrors.Of(name, differences, recipe.Points, settings.Alpha, interventions.Count));
            }),
        ];
    }

    // (functions, points), over d.
    private double[] Squares(IFunctionLearner learner, string name, CancellationToken cancellation)
    {
        var squares = new double[samples.Length * recipe.Points];
        Workers.Run(samples.Length, settings.Workers, function =>
        {
            var (predictions, outputs) = (learner.Predict(samples[function]), samples[function].Outputs);
            for (var i = 0; i < recipe.Points; i++) squares[(function * recipe.Points) + i] = Math.Pow(predictions[i] - outputs[i], 2) / recipe.Dimensions;
        }, cancellation);
        return Array.TrueForAll(squares, double.IsFinite) ? squares
            : throw new InputException(name, "expected finite predictions, found NaN or infinity", "the weights or this intervention overflow: take other weights, or leave the intervention out");
    }
}
