using Eckart.Engine.Kernels;
using Eckart.Models;
using Eckart.Training.Kernels;

namespace Eckart.Training;

/// <summary>Causal attention of many sequences of one length, from projected queries, keys and values, rotation included, there and back.</summary>
internal sealed unsafe class AttentionPass
{
    private readonly Matrix angles, back;
    private readonly int tokens;
    private readonly CausalAttention kernel;
    private readonly WorkMemory memory;
    private readonly Matrix scratch;

    /// <param name="spec">Of the model.</param>
    /// <param name="angles">(at least T, rotary size): of each position the cosines, then the sines.</param>
    /// <param name="back">The same rotations the other way.</param>
    /// <param name="tokens">T.</param>
    /// <param name="memory">Of the pass.</param>
    public AttentionPass(ModelSpec spec, Matrix angles, Matrix back, int tokens, WorkMemory memory)
    {
        (this.angles, this.back, this.tokens) = (angles, back, tokens);
        var shape = new AttentionShape(spec.HeadSize, spec.Heads / spec.KeyValueHeads, spec.Rotary.Size, spec.Rotary.Layout, window: 0);
        kernel = new CausalAttention(shape, spec.Heads, tokens);
        scratch = memory.Take(1, checked((int)kernel.ScratchFloats));
        this.memory = memory;
    }

    /// <summary>(B·T, (H + 2K)·D), queries, keys and values of each token side by side, to (B·T, H·D).</summary>
    /// <returns>What the way back wants, of the pass's memory.</returns>
    public Matrix Forward(Matrix input, Matrix output)
    {
        var kept = memory.Take(input.Rows / tokens, checked((int)kernel.KeptFloats));
        for (var (one, row) = (0, 0); one < kept.Rows; one++, row += tokens)
            kernel.Forward(At(input, row), angles.Start, At(output, row), At(kept, one), scratch.Start);
        return kept;
    }

    /// <summary>The gradient by the input, of its shape, from that by the output.</summary>
    public void Backward(Matrix kept, Matrix given, Matrix toInput)
    {
        for (var (one, row) = (0, 0); one < kept.Rows; one++, row += tokens)
            kernel.Backward(At(kept, one), back.Start, At(given, row), At(toInput, row), scratch.Start);
    }

    private static float* At(Matrix matrix, int row) => matrix.Start + ((nint)row * matrix.Columns);
}
