using Eckart.Engine;
using Eckart.Formats.Tokenizers;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Experiments;

/// <summary>A model opened for trials: its checkpoint, and weights, tokenizer and engine once they are needed. One call at a time.</summary>
/// <param name="checkpoint">Owned by this from here on.</param>
/// <param name="compute">Device, dtype and workers.</param>
/// <param name="options">Of the walk; the decomposition is asked for with the engine.</param>
/// <param name="kind">Of the engine.</param>
public sealed class ModelSession(Checkpoint checkpoint, ComputeOptions compute, EngineOptions options, EngineKind kind = EngineKind.Walk) : IDisposable
{
    private string? digest;
    private TextTokenizer? tokenizer;
    private CausalLm? model;
    private WeightEditor? editor;
    private IScoringEngine? engine;
    private WalkEngine? counter;        // counts without a weight in memory
    private (SvdKind Svd, long Seed) made;

    /// <summary>The checkpoint; owned by this.</summary>
    public Checkpoint Checkpoint => checkpoint;

    /// <summary>What the model is made of.</summary>
    public ModelSpec Spec => checkpoint.Spec;

    /// <summary>Device, dtype and workers.</summary>
    public ComputeOptions Compute => compute;

    /// <summary>Digest of spec and weights; reads the whole checkpoint the first time.</summary>
    public string Digest => digest ??= checkpoint.Digest();

    /// <summary>The tokenizer; owned by this.</summary>
    /// <exception cref="Formats.InputException">The checkpoint has none.</exception>
    public TextTokenizer Tokenizer => tokenizer ??= checkpoint.LoadTokenizer();

    /// <summary>The model with all its weights in memory; owned by this.</summary>
    public CausalLm Model => model ??= CausalLm.Load(checkpoint, compute);

    /// <summary>An engine: weights are loaded where they fit into the memory given, or else streamed.</summary>
    /// <param name="svd">How matrices are decomposed.</param>
    /// <param name="seed">Of a randomised decomposition.</param>
    /// <returns>Owned by this; valid until one with another decomposition is asked for.</returns>
    public IScoringEngine Engine(SvdKind svd = SvdKind.Exact, long seed = 0)
    {
        if (svd == SvdKind.Exact) seed = 0;         // bears on nothing
        if (engine is not null && made == (svd, seed)) return engine;
        engine?.Dispose();
        editor?.Dispose();
        (engine, editor, made) = (null, null, (svd, seed));
        var wanted = options with { Svd = svd, Seed = seed };
        if (kind == EngineKind.Walk) return engine = WalkEngine.Fits(Spec, compute, wanted) ? WalkEngine.Over(Model, wanted) : WalkEngine.Streaming(checkpoint, compute, wanted);
        editor = new WeightEditor(Model, svd, seed);
        return engine = new ReferenceEngine(Model, editor);
    }

    /// <summary>Which engine that is.</summary>
    public EngineKind Kind => kind;

    /// <summary>The operations that the engine takes to answer requests together: each multiplication with its addition counted as two, decompositions not counted, and taken to be exact.</summary>
    /// <param name="requests">At least one.</param>
    public long OperationsFor(IReadOnlyList<ScoreRequest> requests)
    {
        if (kind == EngineKind.Reference) return requests.Sum(request => WorkCount.OfReference(Spec, request.Queries, request.Intervention));
        return (counter ??= WalkEngine.Streaming(checkpoint, compute, options)).OperationsFor(requests);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        counter?.Dispose();
        engine?.Dispose();
        editor?.Dispose();
        model?.Dispose();
        tokenizer?.Dispose();
        checkpoint.Dispose();
    }
}
