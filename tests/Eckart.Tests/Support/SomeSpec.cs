using Eckart.Models;

namespace Eckart.Tests.Support;

/// <summary>What a model of a family could be made of, without a checkpoint.</summary>
internal static class SomeSpec
{
    /// <summary>A model of 3 layers, 256 token ids and 256 positions.</summary>
    /// <param name="modelType">Family, as <c>config.json</c> names it.</param>
    public static ModelSpec Of(string modelType = "llama")
    {
        var family = FamilyTable.All.Single(family => family.ModelType == modelType);
        return new ModelSpec
        {
            Family = family,
            Layers = 3,
            Hidden = 16,
            Heads = 4,
            KeyValueHeads = 2,
            HeadSize = 4,
            MlpSize = 24,
            Vocabulary = 256,
            MaxPositions = 256,
            NormEpsilon = 1e-5,
            Residual = family.Residual,
            Rotary = new RotarySpec(4, 10_000, family.Rotary!.Value, null),
            Activation = Activation.Silu,
            Biases = family.Biases,
            TiedHead = true,
        };
    }
}
