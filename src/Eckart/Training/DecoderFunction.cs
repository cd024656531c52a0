using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>A <see cref="DecoderPass"/> as one operator of libtorch's, between whatever gives its input and whatever is made of its states: by operators layer by layer a step takes twice as long.</summary>
/// <remarks>Gradients of the parameters are added to the replica's on the way back, and not given to libtorch.</remarks>
internal sealed class DecoderFunction : autograd.SingleTensorFunction<DecoderFunction>
{
    /// <inheritdoc/>
    public override string Name => nameof(DecoderFunction);

    /// <summary>(B·T, C) to (B·T, C), fresh.</summary>
    /// <param name="x">float32.</param>
    /// <param name="pass">For this one time.</param>
    /// <param name="memory">Of the pass.</param>
    public static Tensor Apply(Tensor x, DecoderPass pass, WorkMemory memory) => apply(x, pass, memory);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, pass, memory) = ((Tensor)vars[0], (DecoderPass)vars[1], (WorkMemory)vars[2]);
        ctx.save_data(nameof(DecoderPass), pass);
        ctx.save_data(nameof(WorkMemory), memory);
        return Fresh(pass.Forward(Taken(x, memory)));
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var (pass, memory) = ((DecoderPass)ctx.get_data(nameof(DecoderPass)), (WorkMemory)ctx.get_data(nameof(WorkMemory)));
        return [Fresh(pass.Backward(Taken(grad_output, memory))), null!, null!];
    }

    private static Matrix Taken(Tensor x, WorkMemory memory)
    {
        using var scope = NewDisposeScope();
        var matrix = memory.Take((int)x.shape[0], (int)x.shape[1]);
        matrix.View().copy_(x);
        return matrix;
    }

    private static Tensor Fresh(Matrix matrix)
    {
        using var scope = NewDisposeScope();
        return matrix.View().clone().DetachFromDisposeScope();
    }
}
