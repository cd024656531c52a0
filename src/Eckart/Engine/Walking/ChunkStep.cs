using Eckart.Engine.Arithmetic;
using Eckart.Engine.Packing;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Engine.Walking;

/// <summary>One layer over one chunk, for a branch and for those that leave it here.</summary>
/// <remarks>
/// <code>
/// x ─ norm ─┬ queries, keys, values ─ attention ─┬ output ─ + ─ norm ─┬ gate, up ─┬ down ─ +
///           └ leaves at Heads                    └ at Output          └ at Inner  └ at Down
/// </code>
/// Where the residual is parallel, the MLP reads a norm of x, attention's or its own. In the last layer everything behind keys and values is done for the scored rows only.
/// </remarks>
/// <param name="step">The layer.</param>
/// <param name="scratch">The worker's.</param>
/// <param name="fork">Who goes through it.</param>
/// <param name="chunk">Whose rows.</param>
internal sealed class ChunkStep(LayerStep step, Scratch scratch, Fork fork, Chunk chunk)
{
    private readonly Branch parent = fork.Parent;
    private readonly Branch[] births = [.. fork.Births.Where(branch => branch.Reads(chunk))];
    private readonly bool gathers = step.Last && chunk.Scored.Length < chunk.Rows;

    /// <summary>The layer, or its MLP alone.</summary>
    /// <param name="whole">Whether it begins with attention; otherwise the hidden states are those behind it.</param>
    /// <param name="middle">Called with the hidden states between attention and MLP; null for nobody.</param>
    public void Run(bool whole, Action<Chunk, torch.Tensor>? middle)
    {
        if (parent.At(step.Index) is { Dropped: true }) return;
        using var scope = torch.NewDisposeScope();
        var states = parent[chunk].Matrix;
        var normal = states;
        if (whole)
        {
            normal = Attention(states);
            if (!Reaches(EditPoint.Inner)) return;
            states = fork.Advances ? parent[chunk].Matrix : scratch.Matrix(ScratchUse.Middle, normal.shape[0], normal.shape[1], torch.float32);
        }

        middle?.Invoke(chunk, states);
        Mlp(states, normal);
    }

    // Leaves the hidden states behind attention with the parent, or in scratch memory where that does not advance. Returns what a parallel MLP reads.
    private torch.Tensor Attention(torch.Tensor x)
    {
        var normal = scratch.Matrix(ScratchUse.AttentionInput, x.shape[0], x.shape[1], step.DType);
        step.Arithmetic.Normalize(step.Layer.AttentionNorm, x, normal);
        var attending = gathers ? Gathered(normal) : normal;
        var input = step.Input(scratch, normal);
        var queries = gathers ? step.Input(scratch, attending) : input;
        var beside = step.Parallel && step.Spec.HasMlpNorm ? MlpNormal(gathers ? x.index_select(0, ScoredRows()) : x) : attending;

        foreach (var branch in Leaving(EditPoint.Heads))
        {
            branch[chunk] = branch.Birth!.Dropped ? parent[chunk].Copy() : Start(x);
            if (branch.Birth.Dropped) continue;
            var own = step.Input(scratch, Mix(queries, input, branch, ScratchUse.BranchMixed), ScratchUse.BranchReduced);
            own.AddTo(branch[chunk].Matrix, Projection.Output, step.Edit(branch, Projection.Output));
            Finish(branch, beside);
        }

        if (!Reaches(EditPoint.Output)) return beside;
        var mixed = step.Input(scratch, Mix(queries, input, parent, ScratchUse.Mixed));
        foreach (var branch in Leaving(EditPoint.Output))
        {
            branch[chunk] = Start(x);
            mixed.AddTo(branch[chunk].Matrix, Projection.Output, step.Edit(branch, Projection.Output));
            Finish(branch, beside);
        }

        if (Reaches(EditPoint.Inner)) mixed.AddTo(Middle(x, attending.shape[0]), Projection.Output, step.Edit(parent, Projection.Output));
        return beside;
    }

    private void Mlp(torch.Tensor states, torch.Tensor beside)
    {
        var input = MlpInput(states, beside);
        foreach (var branch in Leaving(EditPoint.Inner))
        {
            branch[chunk] = step.Copy(states);
            Down(Inner(input, branch, ScratchUse.BranchInner), branch);
        }

        if (!Reaches(EditPoint.Down)) return;
        var inner = step.Input(scratch, Inner(input, parent, ScratchUse.Inner));
        foreach (var branch in Leaving(EditPoint.Down))
        {
            branch[chunk] = step.Copy(states);
            inner.AddTo(branch[chunk].Matrix, Projection.Down, step.Edit(branch, Projection.Down));
        }

        if (fork.Advances) inner.AddTo(states, Projection.Down, step.Edit(parent, Projection.Down));
    }

    // The MLP of a branch that left in attention.
    private void Finish(Branch branch, torch.Tensor beside) =>
        Down(Inner(MlpInput(branch[chunk].Matrix, beside), branch, ScratchUse.BranchInner), branch);

    private void Down(torch.Tensor inner, Branch branch) =>
        step.Input(scratch, inner, ScratchUse.BranchReduced).AddTo(branch[chunk].Matrix, Projection.Down, step.Edit(branch, Projection.Down));

    private LayerInput MlpInput(torch.Tensor states, torch.Tensor beside) => step.Input(scratch, step.Parallel ? beside : MlpNormal(states));

    private torch.Tensor MlpNormal(torch.Tensor states)
    {
        var normal = scratch.Matrix(ScratchUse.MlpInput, states.shape[0], states.shape[1], step.DType);
        step.Arithmetic.Normalize(step.Layer.MlpNorm, states, normal);
        return normal;
    }

    private torch.Tensor Inner(LayerInput input, Branch branch, ScratchUse use)
    {
        var up = input.Of(Projection.Up, step.Edit(branch, Projection.Up));
        var gate = step.Spec.Family.Gated ? input.Of(Projection.Gate, step.Edit(branch, Projection.Gate)) : null;
        var inner = scratch.Matrix(use, up.shape[0], up.shape[1], step.DType);
        step.Arithmetic.Activate(gate, up, inner);
        return inner;
    }

    // Heads' outputs of a branch, joined; keys of the prefix are its own, or its parent's where it leaves those alone.
    private torch.Tensor Mix(LayerInput queries, LayerInput input, Branch branch, ScratchUse use)
    {
        var query = queries.Of(Projection.Query, step.Edit(branch, Projection.Query));
        var key = chunk.IsPrefix ? null : input.Of(Projection.Key, step.Edit(branch, Projection.Key));
        var value = chunk.IsPrefix ? null : input.Of(Projection.Value, step.Edit(branch, Projection.Value));
        var owner = branch == parent || branch.Birth!.ChangesKeys ? branch : parent;
        var mixed = scratch.Matrix(use, query.shape[0], query.shape[1], step.DType);
        step.Arithmetic.Attend(scratch, gathers ? chunk.ScoredRuns : chunk.AllRuns, query, key, value, chunk.Prefix.Length == 0 ? null : owner.KeysOf(chunk.Prefix), mixed);
        return mixed;
    }

    private IEnumerable<Branch> Leaving(EditPoint point) => births.Where(branch => branch.Birth!.Point == point);

    private bool Reaches(EditPoint point) => fork.Advances || births.Any(branch => branch.Birth!.Point >= point);

    // Hidden states that attention is added to: a branch's own copy, or the parent's themselves where it goes through.
    private Rows Start(torch.Tensor x) => gathers ? step.Copy(x.index_select(0, ScoredRows())) : step.Copy(x);

    private torch.Tensor Middle(torch.Tensor x, long rows)
    {
        if (!fork.Advances)
        {
            var middle = scratch.Matrix(ScratchUse.Middle, rows, x.shape[1], torch.float32);
            middle.copy_(gathers ? x.index_select(0, ScoredRows()) : x);
            return middle;
        }

        if (gathers) parent[chunk] = Start(x);
        return parent[chunk].Matrix;
    }

    private torch.Tensor Gathered(torch.Tensor normal)
    {
        var rows = scratch.Matrix(ScratchUse.ScoredInput, chunk.Scored.Length, normal.shape[1], normal.dtype);
        rows.copy_(normal.index_select(0, ScoredRows()));
        return rows;
    }

    private torch.Tensor ScoredRows() => torch.tensor(Array.ConvertAll(chunk.Scored, row => (long)row)).to(step.Compute.Device);
}
