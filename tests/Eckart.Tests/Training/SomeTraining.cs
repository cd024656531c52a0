using Eckart.Models;
using Eckart.Statistics;
using Eckart.Training;
using static TorchSharp.torch;

namespace Eckart.Tests.Training;

/// <summary>Small trainings, and models in the middle of one.</summary>
internal static class SomeTraining
{
    /// <summary>A model of two layers that learns <see cref="RepeatedTexts"/> in a second or two.</summary>
    public static TrainingSettings Settings(string family = "llama") => new()
    {
        Family = family,
        Layers = 2,
        Width = 32,
        Heads = 2,
        MlpSize = 48,
        Steps = 60,
        Batch = 20,
        LearningRate = 1e-2,
        WarmUp = 10,
        CurveEvery = 10,
        CheckpointEvery = 20,
        ExamEvery = 30,
        StoredType = "F32",
    };

    /// <summary>A spec of odd sizes, with grouped heads where the family has them, and a rotation of a part of each head.</summary>
    public static ModelSpec OddSpec(string family)
    {
        var spec = (Settings(family) with { Width = 36, Heads = 6, MlpSize = 21, Layers = 3 }).Spec(vocabulary: 23, positions: 40);
        return family == "llama" ? spec with { KeyValueHeads = 2 } : spec with { Rotary = spec.Rotary with { Size = 4 } };
    }

    /// <summary>Parameters none of which is where a training begins: norms and biases too.</summary>
    public static Tensor Parameters(long count, ulong seed)
    {
        var random = new SplitMix64(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = 0.6f * ((random.Below(1 << 20) / (float)(1 << 20)) - 0.4f);
        return tensor(values);
    }
}
