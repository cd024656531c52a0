using Eckart.Engine.Arithmetic;
using Eckart.Engine.Packing;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Engine.Walking;

/// <summary>One layer for all branches that are in it: first the keys and values of their prefixes, then everything else, chunk by chunk.</summary>
/// <param name="spec">Of the model.</param>
/// <param name="compute">Where products are taken.</param>
/// <param name="index">The layer's number.</param>
/// <param name="layer">Its weights.</param>
/// <param name="edits">Its truncated matrices.</param>
/// <param name="arithmetic">Everything but products.</param>
/// <param name="pool">Hidden states.</param>
internal sealed class LayerStep(ModelSpec spec, ComputeOptions compute, int index, DecoderLayer layer, EditedWeights edits, ILayerArithmetic arithmetic, BufferPool pool) : IDisposable
{
    private readonly ILayerArithmetic arithmetic = arithmetic.For(layer.Heads);
    private readonly Dictionary<Projection, ProductMatrix> matrices = layer.Projections.ToDictionary(one => one.Key, one => new ProductMatrix(one.Value.Weight));

    /// <summary>Of the model.</summary>
    public ModelSpec Spec => spec;

    /// <summary>Where products are taken.</summary>
    public ComputeOptions Compute => compute;

    /// <summary>The layer's number.</summary>
    public int Index => index;

    /// <summary>Its weights.</summary>
    public DecoderLayer Layer => layer;

    /// <summary>Everything but products.</summary>
    public ILayerArithmetic Arithmetic => arithmetic;

    /// <summary>Of products and what they multiply.</summary>
    public torch.ScalarType DType => compute.DType;

    /// <summary>Whether nothing follows but the head.</summary>
    public bool Last => index == spec.Layers - 1;

    /// <summary>Whether attention and MLP read the same hidden states.</summary>
    public bool Parallel => spec.Residual == ResidualLayout.Parallel;

    /// <summary>Takes forks through the layer.</summary>
    /// <param name="team">Does the work.</param>
    /// <param name="forks">Their births are dead, their parents alive.</param>
    /// <param name="whole">Whether the layer begins with attention; otherwise the parents' hidden states are those behind it.</param>
    /// <param name="middle">Called with the hidden states between attention and MLP of the trunk, from any thread; null for nobody.</param>
    /// <param name="cancellation">Checked before each chunk.</param>
    public void Run(Team team, IReadOnlyList<Fork> forks, bool whole, Action<Chunk, torch.Tensor>? middle, CancellationToken cancellation)
    {
        foreach (var branch in forks.SelectMany(fork => fork.Births)) branch.HoldKeys(arithmetic, pool);
        Pack(team, forks, cancellation);
        if (whole)
        {
            var blocks = Pieces(forks, chunk => chunk.IsPrefix);
            team.Run(blocks.Length, (scratch, i) => KeepKeys(scratch, blocks[i].Fork, blocks[i].Chunk), cancellation);
        }

        // The prefix's hidden states behind the last layer are nobody's, unless its positions are scored. Small pieces last, so that workers end together.
        var pieces = Pieces(forks, chunk => !chunk.IsPrefix || !Last || chunk.Scored.Length > 0);
        team.Run(pieces.Length, (scratch, i) => new ChunkStep(this, scratch, pieces[i].Fork, pieces[i].Chunk).Run(whole, pieces[i].Fork.Parent.Birth is null ? middle : null), cancellation);
    }

    /// <summary>An input of the layer's matrices.</summary>
    public LayerInput Input(Scratch scratch, torch.Tensor x, ScratchUse reduced = ScratchUse.Reduced) => new(scratch, layer, matrices, arithmetic, x, reduced);

    /// <summary>What a branch multiplies by instead of a stored matrix; null for nothing.</summary>
    public TruncatedWeight? Edit(Branch branch, Projection projection) => edits.Of(branch.At(index), projection);

    /// <summary>Hidden states of a branch's own.</summary>
    public Rows Copy(torch.Tensor states)
    {
        var rows = new Rows(pool, states.shape[0], states.shape[1]);
        rows.Matrix.copy_(states);
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var matrix in matrices.Values) matrix.Dispose();
    }

    // Packs the matrices that are multiplied by enough rows. In the last layer few rows go beyond keys and values.
    private void Pack(Team team, IReadOnlyList<Fork> forks, CancellationToken cancellation)
    {
        var chunks = forks.SelectMany(fork => fork.Parent.Chunks).Distinct().ToArray();
        var panels = matrices
            .Where(one => chunks.Max(chunk => Last && one.Key is not (Projection.Key or Projection.Value) ? chunk.Scored.Length : chunk.Rows) >= ProductMatrix.LeastRows)
            .SelectMany(one => Enumerable.Range(0, one.Value.MakeRoom(pool).Panels).Select(panel => (Matrix: one.Value, Panel: panel)))
            .ToArray();
        team.Run(panels.Length, (_, i) => panels[i].Matrix.Pack(panels[i].Panel), cancellation);
    }

    private static (Fork Fork, Chunk Chunk)[] Pieces(IReadOnlyList<Fork> forks, Func<Chunk, bool> which) =>
        [.. from chunk in forks.SelectMany(fork => fork.Parent.Chunks).Distinct().Where(which).OrderByDescending(chunk => chunk.Rows)
            from fork in forks
            where fork.Parent.Reads(chunk) && (fork.Advances || fork.Births.Any(branch => branch.Reads(chunk)))
            select (fork, chunk)];

    private void KeepKeys(Scratch scratch, Fork fork, Chunk block)
    {
        var births = fork.Births.Where(branch => branch.Reads(block) && !branch.Birth!.Dropped).ToArray();
        var own = fork.Advances || births.Any(branch => !branch.Birth!.ChangesKeys);
        if (fork.Parent.At(index) is { Dropped: true } || (!own && births.Length == 0)) return;
        using var scope = torch.NewDisposeScope();
        var x = fork.Parent[block].Matrix;
        var normal = scratch.Matrix(ScratchUse.AttentionInput, x.shape[0], x.shape[1], DType);
        arithmetic.Normalize(layer.AttentionNorm, x, normal);
        var input = Input(scratch, normal);
        if (own) Keep(fork.Parent);
        foreach (var branch in births.Where(branch => branch.Birth!.ChangesKeys)) Keep(branch);

        void Keep(Branch branch) => arithmetic.Keep(
            scratch, block.First!.Value, input.Of(Projection.Key, Edit(branch, Projection.Key)), input.Of(Projection.Value, Edit(branch, Projection.Value)), branch.KeysOf(block.Prefix));
    }
}
