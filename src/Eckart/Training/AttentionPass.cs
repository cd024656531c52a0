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
        scratch = memory.TakeZeros(1, checked((int)kernel.ScratchFloats));
    }

    /// <summary>(B·T, (H + 2K)·D), queries, keys and values of each token side by side, to (B·T, H·D).</summary>
    public void Forward(Matrix input, Matrix output)
    {
        for (var row = 0; row < input.Rows; row += tokens)
            kernel.Forward(input.Start + ((nint)row * input.Columns), angles.Start, output.Start + ((nint)row * output.Columns), scratch.Start);
    }

    /// <summary>The gradient by the input, of its shape, from that by the output.</summary>
    public void Backward(Matrix input, Matrix given, Matrix toInput)
    {
        for (var row = 0; row < input.Rows; row += tokens)
            kernel.Backward(input.Start + ((nint)row * input.Columns), angles.Start, back.Start, given.Start + ((nint)row * given.Columns), toInput.Start + ((nint)row * toInput.Columns), scratch.Start);
    }
}
