using Eckart.Formats;
using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Training.Regression;

/// <summary>A trained model of linear functions: predicts each y at the position of its x.</summary>
public sealed class RegressionModel : IFunctionLearner, IDisposable
{
    private RegressionModel(string name, RegressionRecipe recipe, CausalLm model) => (Name, Recipe, Model) = (name, recipe, model);

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>What its shapes say of its training.</summary>
    public RegressionRecipe Recipe { get; }

    /// <summary>The model, which interventions may edit for a while.</summary>
    public CausalLm Model { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="kept">Its name and folder.</param>
    /// <param name="compute">Device, dtype and workers.</param>
    /// <returns>The caller's.</returns>
    /// <exception cref="InputException">No model is there, or one that reads no functions.</exception>
    public static RegressionModel Load(KeptModel kept, ComputeOptions compute)
    {
        ArgumentNullException.ThrowIfNull(kept);
        using var checkpoint = Checkpoint.Open(kept.Path);
        return new RegressionModel(kept.Name, RecipeOf(checkpoint), CausalLm.Load(checkpoint, compute));
    }

    /// <summary>What a checkpoint's shapes say of its training.</summary>
    /// <exception cref="InputException">It reads no functions.</exception>
    internal static RegressionRecipe RecipeOf(Checkpoint checkpoint)
    {
        var spec = checkpoint.Spec;
        return RegressionRecipe.Of(spec) ?? throw new InputException(
            checkpoint.Path,
            $"expected a model of linear functions, with d + 2 tokens (d from 1 to {RegressionRecipe.MostDimensions}), an odd number of positions and a head of its own, found {spec.Vocabulary} tokens, {spec.MaxPositions} positions and a head {(spec.TiedHead ? "tied to the embedding" : "of its own")}",
            "give a folder that regression train wrote");
    }

    /// <inheritdoc/>
    public double[] Predict(FunctionSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var positions = RegressionRecipe.PositionsOf(sample.Points);
        var mixtures = new float[positions * Recipe.Vocabulary];
        Recipe.WriteMixtures(sample, mixtures);
        var states = Model.MixtureStates(tensor(mixtures, [positions, Recipe.Vocabulary]));
        return TensorMemory.ValuesOf<double>(Model.Logits(states.slice(0, 0, positions, 2)).select(1, Recipe.Dimensions).to(float64).contiguous());
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
