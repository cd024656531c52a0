using BenchmarkDotNet.Attributes;
using Eckart.Formats.Gguf;

namespace Eckart.Bench.Micro;

/// <summary>Blocks of a GGUF file to float32.</summary>
public class DequantizingBenchmark : IMeasuredWork
{
    private const int Count = 1 << 16;
    private readonly float[] values = new float[Count];
    private byte[] blocks = [];
    private GgmlType type = GgmlType.Find(0)!;

    [Params("Q4_1", "Q8_0", "Q4_K", "Q6_K")]
    public string Type { get; set; } = "";

    public double Work => Count;

    public string Unit => "N";

    [GlobalSetup]
    public void Allocate()
    {
        type = GgmlType.All.Single(known => known.Name == Type);
        blocks = new byte[Count / type.BlockSize * type.BlockBytes];
        // Small bytes, so that no scale becomes infinite or NaN, whatever the layout.
        var random = new Random(1);
        for (var i = 0; i < blocks.Length; i++) blocks[i] = (byte)random.Next(0x40);
    }

    [Benchmark]
    public void Read() => type.Reader!(blocks, values);
}
