using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>Takes products with weights: whole, or in blocks of outputs shared out to workers, so that each row of a weight is read once.</summary>
/// <param name="workers">Blocks at once: results do not depend on how many; null for whole products, whose last digits may be other ones.</param>
internal sealed class WeightProducts(int? workers)
{
    private const long Outputs = 512;

    /// <summary>Each weight in one product, on the caller's thread.</summary>
    public static WeightProducts Whole { get; } = new(null);

    /// <summary>In blocks on a model's workers; whole on a device that shares them out itself.</summary>
    public static WeightProducts Shared(ComputeOptions compute) => compute.Device.type == TorchSharp.DeviceType.CPU ? new(compute.Workers) : Whole;

    /// <summary>x Wᵀ + b.</summary>
    /// <param name="linear">W and b.</param>
    /// <param name="x">(T, inputs).</param>
    /// <returns>(T, outputs), fresh, in the caller's dispose scope.</returns>
    public Tensor Of(Linear linear, Tensor x)
    {
        if (workers is not { } several) return linear.Forward(x);
        var outputs = linear.Weight.shape[0];
        var product = empty([x.shape[0], outputs], x.dtype, x.device);
        Workers.Run((int)((outputs + Outputs - 1) / Outputs), several, block =>
        {
            using var gradients = no_grad();
            using var scope = NewDisposeScope();
            var (first, count) = (block * Outputs, Math.Min(Outputs, outputs - (block * Outputs)));
            product.narrow(1, first, count).copy_(nn.functional.linear(x, linear.Weight.narrow(0, first, count), linear.Bias?.narrow(0, first, count)));
        });
        return product;
    }
}
