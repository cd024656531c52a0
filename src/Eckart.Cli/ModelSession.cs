using System.CommandLine;
using Eckart.Engine;
using Eckart.Formats;
using Eckart.Formats.Tokenizers;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Cli;

/// <summary>A model opened for a command: checkpoint, and weights and tokenizer once they are needed.</summary>
internal sealed class ModelSession : IDisposable
{
    private readonly ComputeOptions compute;
    private readonly SvdKind svd;
    private readonly long seed;
    private string? digest;
    private TextTokenizer? tokenizer;
    private CausalLm? model;
    private WeightEditor? editor;

    private ModelSession(Checkpoint checkpoint, ComputeOptions compute, SvdKind svd, long seed) =>
        (Checkpoint, this.compute, this.svd, this.seed) = (checkpoint, compute, svd, seed);

    public Checkpoint Checkpoint { get; }

    public ModelSpec Spec => Checkpoint.Spec;

    public string Digest => digest ??= Checkpoint.Digest();

    public TextTokenizer Tokenizer => tokenizer ??= Checkpoint.LoadTokenizer();

    public static ModelSession Open(ParseResult args, SvdKind svd = SvdKind.Exact, long seed = 0)
    {
        var compute = Compute.From(args);       // options are refused before a file is opened
        return new ModelSession(Checkpoint.Open(PathOf(args)), compute, svd, seed);
    }

    /// <summary>The path that <c>--model</c> names.</summary>
    public static string PathOf(ParseResult args) => args.GetValue(CommonOptions.Model) is { Length: > 0 } path ? path
        : throw new InputException("--model", "expected a model folder or a .gguf file, found none, and this build has no embedded model", "give one with --model PATH");

    /// <summary>Loads the weights, once.</summary>
    public ReferenceEngine Engine()
    {
        model ??= CausalLm.Load(Checkpoint, compute);
        editor ??= new WeightEditor(model, svd, seed);
        return new ReferenceEngine(model, editor);
    }

    public void Dispose()
    {
        editor?.Dispose();
        model?.Dispose();
        tokenizer?.Dispose();
        Checkpoint.Dispose();
    }
}
