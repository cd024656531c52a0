using Eckart.Models;
using TorchSharp;

namespace Eckart.Export;

/// <summary>Where a part lies in the tensor that stores it: the one place that undoes what reading a part does.</summary>
internal static class PartPlace
{
    /// <summary>Puts an edited part back. A part is a whole tensor in every family of the table; rotary pairs, which only GGUF files have, are written as halves.</summary>
    /// <param name="stored">The part.</param>
    /// <param name="whole">The tensor's values, of its own shape, rows in halves; overwritten where the part lies.</param>
    /// <param name="part">(outputs, inputs), as the maths has it.</param>
    /// <exception cref="ArgumentException">Shapes that do not go together.</exception>
    public static void Put(StoredTensor stored, torch.Tensor whole, torch.Tensor part)
    {
        if (!whole.shape.AsSpan().SequenceEqual(part.shape))
            throw new ArgumentException($"Expected a part of '{stored.Name}' of shape ({string.Join(", ", whole.shape)}), got ({string.Join(", ", part.shape)}).", nameof(part));
        whole.copy_(part);
    }
}
