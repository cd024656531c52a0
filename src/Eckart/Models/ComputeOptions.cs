using TorchSharp;

namespace Eckart.Models;

/// <summary>Where and how products are taken.</summary>
/// <param name="Device">The device that holds the weights.</param>
/// <param name="DType">Type of weights and products; norms, softmax and log-softmax are float32 or better whatever it is.</param>
public sealed record ComputeOptions(torch.Device Device, torch.ScalarType DType)
{
    /// <summary>float32 on the CPU.</summary>
    public static ComputeOptions Cpu { get; } = new(torch.CPU, torch.float32);
}
