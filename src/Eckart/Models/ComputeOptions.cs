using TorchSharp;

namespace Eckart.Models;

/// <summary>Where and how products are taken.</summary>
/// <param name="Device">The device that holds the weights.</param>
/// <param name="DType">Type of weights and products; norms, softmax and log-softmax are float32 or better whatever it is.</param>
/// <param name="Workers">Queries or matrices at work at once, each with one-thread products; results do not depend on it.</param>
public sealed record ComputeOptions(torch.Device Device, torch.ScalarType DType, int Workers)
{
    /// <summary>Dtype and, off the CPU, the device's kind, as trials have it: <c>f32</c>, <c>bf16</c>, <c>f32/cuda</c>.</summary>
    public string Name => (DType == torch.float32 ? "f32" : "bf16") + (Device.type == DeviceType.CPU ? "" : $"/{Device.type.ToString().ToLowerInvariant()}");

    /// <summary>float32 on all cores.</summary>
    public static ComputeOptions Cpu { get; } = new(torch.CPU, torch.float32, Environment.ProcessorCount);
}
