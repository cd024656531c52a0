using System.Runtime.InteropServices;
using TorchSharp;

namespace Eckart.Models;

/// <summary>The float32 memory of a contiguous CPU tensor, for readers that write straight into it. Valid while the tensor lives.</summary>
/// <remarks><c>Tensor.bytes</c> throws beyond 2 GiB, and an embedding can be larger.</remarks>
internal readonly unsafe partial struct TensorMemory
{
    private readonly float* start;
    private readonly long count;

    private TensorMemory(torch.Tensor tensor)
    {
        if (tensor.dtype != torch.ScalarType.Float32 || !tensor.is_contiguous() || tensor.device_type != DeviceType.CPU)
            throw new ArgumentException("Expected a contiguous float32 tensor on the CPU.", nameof(tensor));
        start = (float*)Data(tensor.Handle);
        count = tensor.numel();
    }

    /// <summary>The memory of <paramref name="tensor"/>, which must outlive the result.</summary>
    public static TensorMemory Of(torch.Tensor tensor) => new(tensor);

    /// <summary>Rows of it, row-major.</summary>
    public Span<float> Rows(long first, long rows, long rowLength) =>
        first >= 0 && (first + rows) * rowLength <= count
            ? new Span<float>(start + (first * rowLength), checked((int)(rows * rowLength)))
            : throw new ArgumentOutOfRangeException(nameof(first), first, $"Rows beyond the tensor's {count} elements.");

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    private static partial nint Data(nint tensor);
}
