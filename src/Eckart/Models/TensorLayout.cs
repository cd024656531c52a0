using TorchSharp;

namespace Eckart.Models;

/// <summary>Where a part lies in the tensor that holds it, as a view of it: for reading and for writing alike.</summary>
/// <param name="Shape">The part as the maths has it: (outputs, inputs), or (outputs) for a bias.</param>
/// <param name="Transposed">Whether the tensor is stored (inputs, outputs).</param>
/// <param name="FirstRow">The part's first row among those of all parts in the tensor, stored one part after the other.</param>
/// <param name="AlternatingHeads">Heads of a tensor that holds the parts head by head instead; 0 for none.</param>
/// <param name="HeadsInPairs">Heads whose rows stand in rotary pairs where the maths wants halves; 0 for none.</param>
/// <param name="Rows">Rows of all parts in the tensor.</param>
internal sealed record TensorLayout(long[] Shape, long Rows, bool Transposed = false, long FirstRow = 0, int AlternatingHeads = 0, int HeadsInPairs = 0)
{
    /// <summary>Whether the part is the tensor, number by number.</summary>
    public bool IsWhole => !Transposed && Rows == Shape[0] && HeadsInPairs == 0;

    /// <summary>Shape of the tensor as it is stored.</summary>
    public long[] StoredShape => Transposed && Shape.Length == 2 ? [Shape[1], Rows] : [Rows, .. Shape[1..]];

    /// <summary>The part.</summary>
    /// <param name="stored">The whole tensor.</param>
    /// <returns>A view of it with the part's numbers in the part's order; its dimensions are those of the layout.</returns>
    public torch.Tensor PartOf(torch.Tensor stored)
    {
        var rows = Transposed && stored.dim() == 2 ? stored.t() : stored;
        if (AlternatingHeads > 0) return OfAlternatingHeads(rows);
        var part = rows.narrow(0, FirstRow, Shape[0]);
        return HeadsInPairs == 0 ? part : InHalves(part);
    }

    // (heads, parts, D, …), of which the part's (heads, D, …).
    private torch.Tensor OfAlternatingHeads(torch.Tensor rows) =>
        rows.unflatten(0, [AlternatingHeads, Rows / Shape[0], Shape[0] / AlternatingHeads]).select(1, FirstRow / Shape[0]);

    // Row 2j + i of a head is row i·D/2 + j of the layout that the maths has: (heads, 2, D/2, …).
    private torch.Tensor InHalves(torch.Tensor pairs) => pairs.unflatten(0, [HeadsInPairs, Shape[0] / HeadsInPairs / 2, 2]).transpose(1, 2);
}
