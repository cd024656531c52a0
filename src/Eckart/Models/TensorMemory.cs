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

    /// <summary>Address of the first element of a CPU tensor, of a view too; valid while the tensor lives.</summary>
    public static nint AddressOf(torch.Tensor tensor) => tensor.device_type == DeviceType.CPU ? Data(tensor.Handle)
        : throw new ArgumentException("Expected a tensor on the CPU.", nameof(tensor));

    /// <summary>The values of a tensor on any device, row-major; of its own dtype.</summary>
    public static T[] ValuesOf<T>(torch.Tensor tensor)
        where T : unmanaged
    {
        using var there = tensor.cpu();
        using var values = there.data<T>();     // holds a tensor of its own
        return values.ToArray();
    }

    /// <summary>Rows of it, row-major.</summary>
    public Span<float> Rows(long first, long rows, long rowLength) =>
        first >= 0 && (first + rows) * rowLength <= count
            ? new Span<float>(start + (first * rowLength), checked((int)(rows * rowLength)))
            : throw new ArgumentOutOfRangeException(nameof(first), first, $"Rows beyond the tensor's {count} elements.");

    /// <summary>Walks all of it in order, as bytes, in blocks that a span can hold and a processor's cache keeps.</summary>
    public void ForEachBlock(Action<Span<byte>> visit)
    {
        const long BlockElements = 1 << 18;
        for (var first = 0L; first < count; first += BlockElements)
            visit(MemoryMarshal.AsBytes(Rows(first, Math.Min(BlockElements, count - first), 1)));
    }

    /// <summary>Asks Linux for large pages before the memory is first touched: a fresh 4 KiB page costs microseconds, and a model has hundreds of thousands.</summary>
    public void AdviseLargePages() => AdviseLargePages((nint)start, count * sizeof(float));

    /// <summary>The same for the memory of a contiguous tensor of any dtype; nothing on other devices.</summary>
    public static void AdviseLargePages(torch.Tensor tensor)
    {
        if (tensor.device_type == DeviceType.CPU) AdviseLargePages(Data(tensor.Handle), tensor.numel() * tensor.dtype.ElementSize());
    }

    private static void AdviseLargePages(nint start, long bytes)
    {
        const nint LargePage = 2 << 20;
        const int MadvHugepage = 14;
        if (!OperatingSystem.IsLinux()) return;
        var first = (start + LargePage - 1) & -LargePage;
        var end = (start + (nint)bytes) & -LargePage;
        if (end > first) _ = MemoryAdvise(first, end - first, MadvHugepage);       // advice: a kernel without large pages refuses it, and nothing is lost
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(nint address, nint length, int advice);

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    private static partial nint Data(nint tensor);
}
