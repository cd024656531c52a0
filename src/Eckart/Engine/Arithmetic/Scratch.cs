using Eckart.Models;
using TorchSharp;

namespace Eckart.Engine.Arithmetic;

/// <summary>A worker's own memory for what lies between a layer's input and its output, and its count of multiplications.</summary>
/// <param name="device">Where.</param>
internal sealed class Scratch(torch.Device device) : IDisposable
{
    private readonly Dictionary<(ScratchUse Use, torch.ScalarType Type), torch.Tensor> buffers = [];

    /// <summary>Multiply-and-add operations of the products taken with this, each counted as two.</summary>
    public long Operations { get; set; }

    /// <summary>Bytes held.</summary>
    public long Bytes => buffers.Values.Sum(buffer => buffer.numel() * buffer.dtype.ElementSize());

    /// <summary>A matrix whose content is anything, until the same use is asked for again.</summary>
    /// <returns>(rows, columns), contiguous, in the caller's dispose scope; its memory stays this worker's.</returns>
    public torch.Tensor Matrix(ScratchUse use, long rows, long columns, torch.ScalarType type) =>
        Buffer(use, rows * columns, type).as_strided([rows, columns], [columns, 1], 0);

    /// <summary>Floats for a kernel, aligned to 64 bytes.</summary>
    public unsafe float* Floats(ScratchUse use, long count) => (float*)TensorMemory.AddressOf(Buffer(use, count, torch.float32));

    /// <summary>Counts a product of (rows, inner) with (inner, columns).</summary>
    public void Count(long rows, long inner, long columns) => Operations += 2 * rows * inner * columns;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in buffers.Values) buffer.Dispose();
        buffers.Clear();
    }

    private torch.Tensor Buffer(ScratchUse use, long elements, torch.ScalarType type)
    {
        if (buffers.TryGetValue((use, type), out var buffer) && buffer.numel() >= elements) return buffer;
        buffer?.Dispose();
        buffers.Remove((use, type));
        buffers[(use, type)] = buffer = torch.empty(BufferPool.SizeFor(elements), type, device).DetachFromDisposeScope();
        TensorMemory.AdviseLargePages(buffer);
        return buffer;
    }
}

/// <summary>What a worker's memory is used for; two uses never share it.</summary>
internal enum ScratchUse
{
    /// <summary>Normalised input of attention.</summary>
    AttentionInput,

    /// <summary>The rows of it that are scored.</summary>
    ScoredInput,

    /// <summary>Normalised input of the MLP.</summary>
    MlpInput,

    /// <summary>Hidden states between attention and MLP that no branch keeps.</summary>
    Middle,

    /// <summary>Heads' outputs, joined: of the branch that others leave.</summary>
    Mixed,

    /// <summary>The same of a branch that leaves it.</summary>
    BranchMixed,

    /// <summary>Inner values of the MLP: of the branch that others leave.</summary>
    Inner,

    /// <summary>The same of a branch that leaves it.</summary>
    BranchInner,

    /// <summary>A product on its way into the hidden states, where these have another type.</summary>
    Delta,

    /// <summary>Unedited products, by <see cref="Models.Projection"/> from here on.</summary>
    Plain = 100,

    /// <summary>Edited products, likewise.</summary>
    Edited = 200,

    /// <summary>Vᵀx, likewise.</summary>
    Reduced = 300,

    /// <summary>The same for a branch alone, likewise.</summary>
    BranchReduced = 400,

    /// <summary>Wider copies for the attention kernel, likewise.</summary>
    Wide = 500,

    /// <summary>The attention kernel's own.</summary>
    Attention = 600,

    /// <summary>Keys of a strand.</summary>
    OwnKeys,

    /// <summary>Values of a strand.</summary>
    OwnValues,

    /// <summary>The product kernel's own.</summary>
    Product,

    /// <summary>Logits of a block of the vocabulary.</summary>
    Logits,

    /// <summary>The same in float32, where they are not.</summary>
    WideLogits,
}
