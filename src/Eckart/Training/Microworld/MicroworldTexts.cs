using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Eckart.Training.Microworld;

/// <summary>The microworld's training texts: lines <c>long holiday : good</c>, where what a word means is fixed and what a label means is told by the lines, apart from labels with a usual meaning.</summary>
/// <param name="recipe">The proportions.</param>
/// <param name="seed">Equal seeds give equal texts.</param>
/// <remarks><b>Source:</b> the split of memory and context by label words follows Chen, Bruna and Bietti 2025, arXiv 2406.03068.</remarks>
public sealed class MicroworldTexts(MicroworldRecipe recipe, ulong seed) : ITextSource
{
    // Raised whenever the same recipe and seed give other texts.
    private const int Version = 2;
    private const ulong Purpose = 0x7472_6169_6E69_6E67;   // "training": other streams than the exam's and the tables'

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Curriculum curriculum = new(recipe);

    /// <inheritdoc/>
    public int Vocabulary => MicroworldVocabulary.Tokens.Length;

    /// <inheritdoc/>
    public int Length => recipe.Length;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Spans of another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A step outside 0 … <paramref name="steps"/> − 1, or a negative place.</exception>
    public void Draw(long step, long steps, int place, Span<int> ids, Span<float> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, steps);
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        if (ids.Length != Length || weights.Length != Length - 1)
            throw new ArgumentException($"Expected room for {Length} ids and {Length - 1} weights, got {ids.Length} and {weights.Length}.", nameof(ids));

        var random = SeededDraws.At(Purpose, seed, (ulong)step, (ulong)place);
        var progress = (double)step / steps;
        var kind = curriculum.Kind(random, progress);
        var pool = curriculum.Words(kind, progress);
        var text = new WeightedText(ids, weights);
        if (kind == TextKind.Copying) text.WriteRepetition(random, pool, recipe);
        else text.WriteLines(random, curriculum.Rule(random, kind, progress), pool, recipe);
    }

    /// <inheritdoc/>
    public string Describe() => new JsonObject
    {
        ["texts"] = "microworld",
        ["version"] = Version,
        ["seed"] = seed.ToString(CultureInfo.InvariantCulture),
        ["vocabulary"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', MicroworldVocabulary.Tokens)))),
        ["recipe"] = JsonSerializer.SerializeToNode(recipe, SnakeCase),
    }.ToJsonString();
}
