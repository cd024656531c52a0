using Eckart.Models;
using TorchSharp;

namespace Eckart.Engine.Arithmetic;

/// <summary>One input of a layer's matrices, multiplied for every branch that sees it: what several of them need is computed once.</summary>
/// <param name="scratch">The worker's; its memory for these uses is this input's while it is in use.</param>
/// <param name="layer">Unedited.</param>
/// <param name="matrices">The layer's, to multiply by.</param>
/// <param name="arithmetic">Adds.</param>
/// <param name="x">(rows, inputs), the products' dtype.</param>
/// <param name="reduced">Where Vᵀx lies.</param>
internal sealed class LayerInput(Scratch scratch, DecoderLayer layer, IReadOnlyDictionary<Projection, ProductMatrix> matrices, ILayerArithmetic arithmetic, torch.Tensor x, ScratchUse reduced = ScratchUse.Reduced)
{
    private readonly Dictionary<Projection, torch.Tensor> plain = [];
    private readonly Dictionary<Projection, (SiteTerms Terms, torch.Tensor Product, bool[] Known)> reducedInputs = [];

    /// <summary>W x + b of the unedited matrix.</summary>
    /// <returns>(rows, outputs), read only, in the worker's memory.</returns>
    public torch.Tensor Plain(Projection projection)
    {
        if (plain.TryGetValue(projection, out var known)) return known;
        var matrix = matrices[projection];
        var y = scratch.Matrix(ScratchUse.Plain + (int)projection, x.shape[0], matrix.Outputs, x.dtype);
        matrix.Multiply(scratch, y, x, add: false);
        return plain[projection] = Biased(y, projection);
    }

    /// <summary>The same by a truncated matrix, or by the unedited one without an edit.</summary>
    /// <returns>(rows, outputs), read only, until the next edited product of the projection.</returns>
    public torch.Tensor Of(Projection projection, TruncatedWeight? edit)
    {
        if (edit is null) return Plain(projection);
        var y = scratch.Matrix(ScratchUse.Edited + (int)projection, x.shape[0], edit.Terms.Outputs, x.dtype);
        switch (edit.Form)
        {
            case TruncatedForm.Dense:
                edit.Dense!.Multiply(scratch, y, x, add: false);
                return Biased(y, projection);
            case TruncatedForm.Factored:
                Expand(y, projection, edit, 0, edit.Rank, add: false);
                return Biased(y, projection);
            default:
                Expand(y, projection, edit, edit.Rank, edit.Terms.Count, add: false);
                return y.sub_(Plain(projection)).neg_();
        }
    }

    /// <summary>Adds the product of a truncated matrix, or of the unedited one, to hidden states.</summary>
    /// <param name="states">(rows, C), float32.</param>
    /// <param name="projection">Output or down.</param>
    /// <param name="edit">Not subtracted; null for none.</param>
    public void AddTo(torch.Tensor states, Projection projection, TruncatedWeight? edit)
    {
        var sum = states.dtype == x.dtype ? states : scratch.Matrix(ScratchUse.Delta, x.shape[0], states.shape[1], x.dtype);
        var add = ReferenceEquals(sum, states);
        if (edit is { Form: TruncatedForm.Factored }) Expand(sum, projection, edit, 0, edit.Rank, add);
        else (edit?.Dense ?? matrices[projection]).Multiply(scratch, sum, x, add);
        Biased(sum, projection);
        if (!add) arithmetic.Add(sum, states);
    }

    // y (+)= Left[:, from..to] · (Right x)[from..to]
    private void Expand(torch.Tensor y, Projection projection, TruncatedWeight edit, int from, int to, bool add)
    {
        using var inner = Reduced(projection, edit.Terms, from, to).narrow(1, from, to - from);
        edit.Terms.Left.Multiply(scratch, y, inner, (0, edit.Terms.Outputs), (from, to - from), add);
    }

    // (rows, k), of which the columns asked for are Vᵀx: in blocks of fixed columns, each computed once.
    private torch.Tensor Reduced(Projection projection, SiteTerms terms, int from, int to)
    {
        if (!reducedInputs.TryGetValue(projection, out var known) || known.Terms != terms)
        {
            var blocks = (terms.Count + SiteTerms.BlockColumns - 1) / SiteTerms.BlockColumns;
            known = reducedInputs[projection] = (terms, scratch.Matrix(reduced + (int)projection, x.shape[0], terms.Count, x.dtype), new bool[blocks]);
        }

        for (var block = from / SiteTerms.BlockColumns; block * SiteTerms.BlockColumns < to; block++)
        {
            if (known.Known[block]) continue;
            known.Known[block] = true;
            var first = block * SiteTerms.BlockColumns;
            var columns = Math.Min(SiteTerms.BlockColumns, terms.Count - first);
            using var target = known.Product.narrow(1, first, columns);
            terms.Right.Multiply(scratch, target, x, (first, columns), (0, terms.Inputs), add: false);
        }

        return known.Product;
    }

    private torch.Tensor Biased(torch.Tensor y, Projection projection)
    {
        if (layer.Projections[projection].Bias is { } bias) y.Plus(bias);
        return y;
    }
}
