using Eckart.Formats;

namespace Eckart.Training.Regression;

/// <summary>How a <see cref="Theory.LinearModel"/> is trained.</summary>
public sealed record LinearTrainingSettings
{
    /// <summary>d: numbers of an x.</summary>
    public int Dimensions { get; init; } = 5;

    /// <summary>N: demonstrations of a prompt.</summary>
    public int Demonstrations { get; init; } = 10;

    /// <summary>L.</summary>
    public int Layers { get; init; } = 3;

    /// <summary>Steps in all.</summary>
    public int Steps { get; init; } = 5000;

    /// <summary>Prompts a step.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>Highest learning rate; it falls to 0 along a half cosine.</summary>
    public double LearningRate { get; init; } = 5e-3;

    /// <summary>Of weights and prompts.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Refuses what cannot be trained.</summary>
    /// <exception cref="InputException">A number outside its range.</exception>
    public void Check()
    {
        Check("dim", Dimensions, 1, RegressionRecipe.MostDimensions);
        Check("demonstrations", Demonstrations, 2, 512);
        Check("layers", Layers, 1, 64);
        Check("steps", Steps, 1, int.MaxValue);
        Check("batch", Batch, 1, 1 << 16);
        if (!(LearningRate > 0 && double.IsFinite(LearningRate))) throw new InputException("lr", FormattableString.Invariant($"expected a number above 0, found {LearningRate}"), "give one such as 0.005");
    }

    private static void Check(string name, int value, int least, int most)
    {
        if (value < least || value > most) throw new InputException(name, $"expected {least} to {most}, found {value}", "give one of these");
    }
}
