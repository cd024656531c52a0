using Eckart.Engine.Packing;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Engine.Arithmetic;

/// <summary>What a layer does apart from its matrix products: by hand-written kernels on a CPU, or by TorchSharp's operators anywhere.</summary>
internal interface ILayerArithmetic
{
    /// <summary>What <c>eckart bench</c> calls it.</summary>
    string Name { get; }

    /// <summary>The same for a layer with these rules of its heads.</summary>
    ILayerArithmetic For(HeadRules heads);

    /// <summary>y = norm(x).</summary>
    /// <param name="norm">Of the layer.</param>
    /// <param name="x">(rows, C), float32, contiguous.</param>
    /// <param name="y">(rows, C), the products' dtype, contiguous; written.</param>
    void Normalize(Norm norm, torch.Tensor x, torch.Tensor y);

    /// <summary>y = act(gate)·up, or act(up) without a gate.</summary>
    /// <param name="gate">(rows, F), the products' dtype, contiguous; null where the MLP has none.</param>
    /// <param name="up">(rows, F), likewise.</param>
    /// <param name="y">(rows, F), likewise; written.</param>
    void Activate(torch.Tensor? gate, torch.Tensor up, torch.Tensor y);

    /// <summary>x += delta.</summary>
    /// <param name="delta">(rows, C), the products' dtype, contiguous.</param>
    /// <param name="x">(rows, C), float32, contiguous; written.</param>
    void Add(torch.Tensor delta, torch.Tensor x);

    /// <summary>Room for the keys and values of a prefix; the caller disposes it.</summary>
    PrefixKeys NewKeys(BufferPool pool, int positions);

    /// <summary>Rotates keys of a block of the prefix and keeps them with its values.</summary>
    /// <param name="scratch">The worker's.</param>
    /// <param name="first">Position of the block's first row.</param>
    /// <param name="key">(rows, K·D), the products' dtype.</param>
    /// <param name="value">(rows, K·D).</param>
    /// <param name="into">Written at these positions only.</param>
    void Keep(Scratch scratch, int first, torch.Tensor key, torch.Tensor value, PrefixKeys into);

    /// <summary>Causal attention of a chunk's rows over its prefix and their own strands.</summary>
    /// <param name="scratch">The worker's.</param>
    /// <param name="runs">The rows that attend.</param>
    /// <param name="query">(rows that attend, H·D), the products' dtype, not rotated.</param>
    /// <param name="key">(all rows of the chunk, K·D), not rotated; null for a block of the prefix, whose keys are kept.</param>
    /// <param name="value">(all rows, K·D), or null.</param>
    /// <param name="prefix">Of the chunk; null where that is empty.</param>
    /// <param name="mixed">(rows that attend, H·D); written.</param>
    void Attend(Scratch scratch, IReadOnlyList<Run> runs, torch.Tensor query, torch.Tensor? key, torch.Tensor? value, PrefixKeys? prefix, torch.Tensor mixed);

    /// <summary>Maximum and Σexp(z − maximum) of each row.</summary>
    /// <param name="scratch">The worker's.</param>
    /// <param name="logits">(rows, columns), the products' dtype, contiguous.</param>
    /// <param name="maxima">A value a row; written.</param>
    /// <param name="sums">A value a row; written.</param>
    void LogSumExp(Scratch scratch, torch.Tensor logits, Span<float> maxima, Span<float> sums);
}
