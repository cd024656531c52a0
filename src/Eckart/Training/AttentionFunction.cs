using System.Runtime.InteropServices;
using Eckart.Engine.Kernels;
using Eckart.Models;
using Eckart.Training.Kernels;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>Causal attention from projected queries, keys and values, rotation included, as one operator with a gradient: libtorch's takes a third of a step at heads this small.</summary>
internal sealed class AttentionFunction : autograd.SingleTensorFunction<AttentionFunction>
{
    private const int CacheLine = 64;

    /// <inheritdoc/>
    public override string Name => nameof(AttentionFunction);

    /// <summary>(B·T, (H + 2K)·D) to (B·T, H·D).</summary>
    /// <param name="input">Queries, keys and values of each token side by side, not yet rotated; contiguous float32.</param>
    /// <param name="angles">(T, rotary size): of each position the cosines, then the sines.</param>
    /// <param name="spec">Of the model.</param>
    public static Tensor Apply(Tensor input, Tensor angles, ModelSpec spec) => apply(input, angles, spec);

    /// <inheritdoc/>
    public override unsafe Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, angles, spec) = ((Tensor)vars[0], (Tensor)vars[1], (ModelSpec)vars[2]);
        ctx.save_for_backward([input, angles]);
        ctx.save_data(nameof(ModelSpec), spec);
        var output = empty(input.shape[0], spec.Heads * spec.HeadSize);
        float* from = Memory(input), table = Memory(angles), to = Memory(output);
        ForEachSequence(spec, input, angles, (kernel, row, scratch) => kernel.Forward(from + (row * input.shape[1]), table, to + (row * output.shape[1]), (float*)scratch));
        return output;
    }

    /// <inheritdoc/>
    public override unsafe List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        var (input, angles, spec) = (saved[0], saved[1], (ModelSpec)ctx.get_data(nameof(ModelSpec)));
        var gradient = empty_like(input);
        using var outputGradient = grad_output.contiguous();
        float* from = Memory(input), table = Memory(angles), given = Memory(outputGradient), to = Memory(gradient);
        ForEachSequence(spec, input, angles, (kernel, row, scratch) =>
            kernel.Backward(from + (row * input.shape[1]), table, given + (row * outputGradient.shape[1]), to + (row * input.shape[1]), (float*)scratch));
        return [gradient, null!, null!];
    }

    private static unsafe float* Memory(Tensor tensor) => (float*)TensorMemory.AddressOf(tensor);

    private static unsafe void ForEachSequence(ModelSpec spec, Tensor input, Tensor angles, Action<CausalAttention, long, nint> run)
    {
        var tokens = angles.shape[0];
        var shape = new AttentionShape(spec.HeadSize, spec.Heads / spec.KeyValueHeads, spec.Rotary.Size, spec.Rotary.Layout, window: 0);
        var kernel = new CausalAttention(shape, spec.Heads, (int)tokens);
        var bytes = (nuint)kernel.ScratchFloats * sizeof(float);
        var scratch = NativeMemory.AlignedAlloc(bytes, CacheLine);
        NativeMemory.Clear(scratch, bytes);
        try
        {
            for (var row = 0L; row < input.shape[0]; row += tokens) run(kernel, row, (nint)scratch);
        }
        finally
        {
            NativeMemory.AlignedFree(scratch);
        }
    }
}
