using BenchmarkDotNet.Attributes;
using Eckart.Engine.Kernels;
using Eckart.Models;

namespace Eckart.Bench.Micro;

/// <summary>What runs over rows between the products, at sizes that stay in the cache.</summary>
public unsafe class RowBenchmark : IMeasuredWork
{
    private const int Rows = 64, Size = 576;
    private float* x, y, z, sums;
    private ushort* narrowX, narrowY, narrowZ;

    public double Work => Rows * Size;

    public string Unit => "N";

    [GlobalSetup]
    public void Allocate()
    {
        x = Floats.Random(Rows * Size);
        y = Floats.Random(Rows * Size);
        z = Floats.Random(Rows * Size);
        sums = Floats.Random(Rows);
        narrowX = (ushort*)Floats.Random(Rows * Size);
        narrowY = (ushort*)Floats.Random(Rows * Size);
        narrowZ = (ushort*)Floats.Random(Rows * Size);
        Bfloat16.Narrow(x, narrowX, Rows * Size);
        Bfloat16.Narrow(y, narrowY, Rows * Size);
    }

    [Benchmark]
    public void RootMeanSquare() => RowNorm.RootMeanSquare(x, y, z, Rows, Size, 1e-5f);

    [Benchmark]
    public void LayerNorm() => RowNorm.Layer(x, y, y, z, Rows, Size, 1e-5f);

    [Benchmark]
    public void SiluTimesUp() => MlpActivation.Gated(Activation.Silu, x, Size, y, Size, z, Size, Rows, Size);

    [Benchmark]
    public void SiluTimesUpBfloat16() => MlpActivation.Gated(Activation.Silu, narrowX, Size, narrowY, Size, narrowZ, Size, Rows, Size);

    [Benchmark]
    public void GeluTimesUp() => MlpActivation.Gated(Activation.Gelu, x, Size, y, Size, z, Size, Rows, Size);

    [Benchmark]
    public void SumOfExponentials() => LogSumExp.Block(x, Size, Rows, Size, z, sums);
}
