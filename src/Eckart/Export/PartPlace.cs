using Eckart.Models;
using TorchSharp;

namespace Eckart.Export;

/// <summary>Puts parts where they lie in the tensors that store them.</summary>
internal static class PartPlace
{
    /// <summary>Writes a part's values to its place; what reading a part does to them is undone.</summary>
    /// <param name="layout">Of the part.</param>
    /// <param name="whole">The tensor, of its stored shape; overwritten where the part lies.</param>
    /// <param name="part">The part as the maths has it, contiguous.</param>
    public static void Put(TensorLayout layout, torch.Tensor whole, torch.Tensor part)
    {
        var place = layout.PartOf(whole);
        place.copy_(part.view(place.shape));
    }
}
