using System.Text.Json;
using System.Text.Json.Nodes;
using Eckart.Formats;

namespace Eckart.Training.Regression;

/// <summary>Trains a model to learn linear functions from examples.</summary>
public static class RegressionTraining
{
    // Raised whenever the same recipe and seed give other functions.
    private const int Version = 1;

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Begins a training, or goes on with the one that a folder holds. Its loss is the squared error over d: 1 for a model that knows nothing.</summary>
    /// <param name="path">The folder; made if need be.</param>
    /// <param name="settings">Everything but the functions; the seed is theirs too.</param>
    /// <param name="recipe">The functions.</param>
    /// <param name="workers">Parts of a batch at work at once.</param>
    /// <returns>The caller's.</returns>
    /// <exception cref="InputException">Settings or a recipe that make no sense; or a folder that cannot be used, or is of other settings.</exception>
    public static Trainer Open(string path, TrainingSettings settings, RegressionRecipe recipe, int workers)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(recipe);
        if (recipe.Problems() is [var problem, ..]) throw new InputException("training", problem, "correct the option");
        var description = new JsonObject { ["version"] = Version, ["recipe"] = JsonSerializer.SerializeToNode(recipe, SnakeCase) };
        var batch = new RegressionBatch(recipe, settings.Batch, (ulong)settings.Seed);
        return Trainer.Open(path, settings, new Objective("functions", description, recipe.Vocabulary, recipe.Positions, batch, []), workers);
    }
}
