using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Statistics;

namespace Eckart.Training.Regression;

/// <summary>How well a model learns functions in context: against other learners, at several training steps, and truncated. All on the same functions.</summary>
/// <remarks><b>Source</b>: Figure 5 of arXiv 2406.03768, after Garg et al. 2022, arXiv 2208.01066; truncation is beyond both.</remarks>
public sealed class RegressionStudy
{
    private const ulong Purpose = 0x6576_616C_7561_7465;            // "evaluate": other streams than the training's
    private const ulong FittingPurpose = 0x6669_7474_696E_6700;     // "fitting"

    private readonly RegressionRecipe recipe;
    private readonly RegressionStudySettings settings;
    private readonly FunctionSample[] samples;

    /// <summary>Draws the functions.</summary>
    /// <param name="recipe">Of the models.</param>
    /// <param name="settings">How many functions, and the level.</param>
    public RegressionStudy(RegressionRecipe recipe, RegressionStudySettings settings)
    {
        (this.recipe, this.settings) = (recipe, settings);
        samples = Draw(Purpose);
    }

    /// <summary>The learners that a model is measured against.</summary>
    public static ImmutableArray<IFunctionLearner> Baselines { get; } = [new LeastSquares(), new NearestNeighbours(), new Averaging()];

    /// <summary>Errors of a learner.</summary>
    /// <param name="learner">Of this study's recipe, where it has one.</param>
    /// <param name="cancellation">Stops between functions.</param>
    /// <exception cref="InputException">It predicts NaN or infinity.</exception>
    public LearnerErrors Errors(IFunctionLearner learner, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(learner);
        return Summary(learner.Name, Squares(learner, learner.Name, cancellation));
    }

    /// <summary>Errors of a model under interventions.</summary>
    /// <param name="model">Edited for a while, and as it was afterwards.</param>
    /// <param name="interventions">Resolved; none the unedited model.</param>
    /// <param name="onDone">Called after each; may be null.</param>
    /// <param name="cancellation">Stops between functions.</param>
    /// <exception cref="InputException">The edited model predicts NaN or infinity, or a weight is.</exception>
    public TruncationStudy Truncated(RegressionModel model, IReadOnlyList<Intervention> interventions, Action? onDone = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(interventions);
        var truncation = Beside(model, interventions.Count, cancellation);
        ImmutableArray<TruncationErrors> truncations =
        [
            .. interventions.Select(intervention =>
            {
                var errors = truncation.Errors(intervention, cancellation);
                onDone?.Invoke();
                return errors;
            }),
        ];
        return new TruncationStudy(truncation.Factor, truncation.Control, truncation.ControlDifferences, truncations);
    }

    /// <summary>An unedited model, and what it is with its predictions rescaled, to compare interventions with one by one.</summary>
    /// <param name="model">Edited for a while, and as it was afterwards.</param>
    /// <param name="compared">Interventions that are compared in all.</param>
    /// <param name="cancellation">Stops between functions.</param>
    /// <exception cref="InputException">The model predicts NaN or infinity.</exception>
    public ComparedModel Beside(RegressionModel model, int compared, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        var rescaled = new Rescaled(model, BestFactor(model, cancellation));
        return new ComparedModel(this, model, rescaled, Squares(model, model.Name, cancellation), Squares(rescaled, model.Name, cancellation), compared);
    }

    /// <summary>Refuses a model of other functions than this study's.</summary>
    /// <param name="model">Where it is.</param>
    /// <param name="found">Its functions.</param>
    /// <exception cref="InputException">They are others.</exception>
    public void RefuseOther(KeptModel model, RegressionRecipe found)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(found);
        if (found != recipe)
            throw new InputException(model.Path, $"expected functions of {recipe.Dimensions} dimensions and {recipe.Points} points like those of the last model, found {found.Dimensions} and {found.Points}", "evaluate models of one kind at a time");
    }

    internal long Seed => settings.Seed;

    internal LearnerErrors Summary(string name, double[] squares) => LearnerErrors.Of(name, squares, recipe.Points, settings.Alpha);

    internal LearnerErrors Difference(string name, double[] after, double[] before, int compared) =>
        LearnerErrors.Of(name, [.. after.Zip(before, (one, other) => one - other)], recipe.Points, settings.Alpha, compared);

    // By least squares on other functions than those that are measured on.
    private double BestFactor(RegressionModel model, CancellationToken cancellation)
    {
        var others = Draw(FittingPurpose);
        var (products, squares) = (new double[others.Length], new double[others.Length]);
        Workers.Run(others.Length, settings.Workers, function =>
        {
            var predictions = model.Predict(others[function]);
            products[function] = predictions.Zip(others[function].Outputs, (prediction, y) => prediction * y).Sum();
            squares[function] = predictions.Sum(prediction => prediction * prediction);
        }, cancellation);
        return squares.Sum() > 0 ? products.Sum() / squares.Sum() : 1;
    }

    private FunctionSample[] Draw(ulong purpose) =>
        [.. Enumerable.Range(0, settings.Functions).Select(i => FunctionSample.Draw(SeededDraws.At(purpose, (ulong)settings.Seed, (ulong)i), recipe.Dimensions, recipe.Points, recipe.Dimensions))];

    // (functions, points), over d.
    internal double[] Squares(IFunctionLearner learner, string name, CancellationToken cancellation)
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
