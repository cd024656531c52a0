using Eckart.Statistics;
using Eckart.Training;
using Eckart.Training.Regression;

namespace Eckart.Tests.Training.Regression;

/// <summary>Functions, and trainings that learn them.</summary>
internal static class SomeFunctions
{
    public static FunctionSample Sample(ulong seed, int dimensions = 4, int points = 11) => FunctionSample.Draw(new SplitMix64(seed), dimensions, points, dimensions);

    /// <summary>Functions of one number, three of whose values are shown.</summary>
    public static RegressionRecipe Recipe { get; } = new() { Dimensions = 2, Points = 8 };

    /// <summary>A training of a moment.</summary>
    public static TrainingSettings Settings(string family = "llama") => SomeTraining.Settings(family) with { LearningRate = 3e-3, Keep = [15, 40] };
}
