using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Training;

/// <summary>Everything but the texts that decides the bytes of a training's files.</summary>
public sealed record TrainingSettings
{
    /// <summary><c>model_type</c> of the family.</summary>
    public required string Family { get; init; }

    /// <summary>Decoder layers.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>C: size of the hidden states.</summary>
    public int Width { get; init; } = 64;

    /// <summary>H: heads, a divisor of the width with an even quotient.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>F: inner size of the MLP.</summary>
    public int MlpSize { get; init; } = 192;

    /// <summary>Steps in all.</summary>
    public int Steps { get; init; } = 10_000;

    /// <summary>Texts a step.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Highest learning rate.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Steps over which the learning rate rises to it from 0, in a line.</summary>
    public int WarmUp { get; init; } = 200;

    /// <summary>Share of the learning rate at which the cosine ends.</summary>
    public double Floor { get; init; } = 0.05;

    /// <summary>Decay of the matrices a step, in units of the learning rate.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Decay over the last part of the training.</summary>
    public double LateWeightDecay { get; init; } = 0.01;

    /// <summary>Share of the steps after which that part begins.</summary>
    public double LateFrom { get; init; } = 0.75;

    /// <summary>Largest norm of the whole gradient; a longer one is shortened to it.</summary>
    public double Clip { get; init; } = 1;

    /// <summary>Standard deviation of every matrix at the start, embedding and head included.</summary>
    public double InitialDeviation { get; init; } = 0.02;

    /// <summary>Of the weights at the start.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Type of the products: <c>f32</c> or <c>bf16</c>; all else is float32.</summary>
    [JsonPropertyName("dtype")]
    public string DType { get; init; } = "f32";

    /// <summary>Type that the finished model is stored in: <c>F16</c> or <c>F32</c>.</summary>
    public string StoredType { get; init; } = "F16";

    /// <summary>Steps from one line of the curve to the next.</summary>
    public int CurveEvery { get; init; } = 50;

    /// <summary>Steps from one checkpoint to the next, a multiple of <see cref="CurveEvery"/>.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>Steps from one examination to the next, a multiple of <see cref="CurveEvery"/>.</summary>
    public int ExamEvery { get; init; } = 500;

    /// <summary>Steps after which the model is kept as a folder of its own too; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<long>? Keep { get; init; }

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Families that can be trained: the paper's two.</summary>
    public static ImmutableArray<string> Families { get; } = ["llama", "gptj"];

    /// <summary>The model that is trained.</summary>
    /// <param name="vocabulary">V.</param>
    /// <param name="positions">Longest sequence.</param>
    /// <exception cref="ArgumentException">A family that the table lacks, or heads that do not fit the width.</exception>
    public ModelSpec Spec(int vocabulary, int positions)
    {
        if (!Families.Contains(Family)) throw new ArgumentException($"'{Family}' is no family that can be trained.");
        var family = FamilyTable.All.Single(family => family.ModelType == Family);
        if (Width % (2 * Heads) != 0) throw new ArgumentException($"Expected heads of an even size, found width {Width} over {Heads} heads.");
        return new ModelSpec
        {
            Family = family,
            Layers = Layers,
            Hidden = Width,
            Heads = Heads,
            KeyValueHeads = Heads,
            HeadSize = Width / Heads,
            MlpSize = MlpSize,
            Vocabulary = vocabulary,
            MaxPositions = positions,
            NormEpsilon = 1e-5,
            Residual = family.Residual,
            Rotary = new RotarySpec(Width / Heads, 10_000, family.Rotary!.Value, null),
            Activation = family.Gated ? Activation.Silu : Activation.GeluTanh,
            Biases = family.Biases,
            TiedHead = false,
        };
    }

    /// <summary>Learning rate of a step.</summary>
    /// <param name="step">Zero-based.</param>
    public double LearningRateAt(long step)
    {
        if (step < WarmUp) return LearningRate * (step + 1) / WarmUp;
        var share = (step - WarmUp) / (double)Math.Max(1, Steps - WarmUp);
        return LearningRate * (Floor + ((1 - Floor) * (1 + Math.Cos(Math.PI * share)) / 2));
    }

    /// <summary>Decay of a step, in units of its learning rate.</summary>
    /// <param name="step">Zero-based.</param>
    public double WeightDecayAt(long step) => step < LateFrom * Steps ? WeightDecay : LateWeightDecay;

    /// <summary>As JSON with snake-case names, together with what is trained on.</summary>
    /// <param name="name">What that is.</param>
    /// <param name="sequences">Everything that decides it; has no parent.</param>
    public JsonObject Describe(string name, JsonNode sequences)
    {
        var json = JsonSerializer.SerializeToNode(this, SnakeCase)!.AsObject();
        json[name] = sequences.DeepClone();
        return json;
    }

    /// <summary>What of the settings makes no sense, a line each; empty where all do.</summary>
    public ImmutableArray<string> Problems() =>
    [
        .. new (bool Wrong, string Line)[]
        {
            (!Families.Contains(Family), $"family: expected one of {string.Join(", ", Families)}, found '{Family}'"),
            (Heads > 0 && Width % (2 * Heads) != 0, $"heads: expected heads of an even size, found width {Width} over {Heads} heads"),
            (WarmUp > Steps, $"warm-up: expected at most the {Steps} steps, found {WarmUp}"),
            (Keep?.Any(step => step < 1 || step > Steps) == true, $"keep: expected steps from 1 to {Steps}, found {string.Join(", ", Keep ?? [])}"),
            (DType is not ("f32" or "bf16"), $"dtype: expected f32 or bf16, found '{DType}'"),
            (StoredType is not ("F16" or "F32"), $"stored type: expected F16 or F32, found '{StoredType}'"),
            (CheckpointEvery % CurveEvery != 0 || ExamEvery % CurveEvery != 0, $"checkpoints and examinations: expected multiples of {CurveEvery} steps, found {CheckpointEvery} and {ExamEvery}"),
        }.Where(one => one.Wrong).Select(one => one.Line),
    ];

    internal torch.ScalarType Products => DType == "bf16" ? torch.bfloat16 : torch.float32;
}
