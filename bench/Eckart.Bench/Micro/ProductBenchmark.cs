using BenchmarkDotNet.Attributes;
using Eckart.Engine.Kernels;

namespace Eckart.Bench.Micro;

/// <summary>Products of the sizes that attention takes.</summary>
public unsafe class ProductBenchmark : IMeasuredWork
{
    private const int Rows = 48;
    private float* a, b, c;

    /// <summary>Inner dimension and columns: scores, then weighted values.</summary>
    [Params("64x208", "208x64", "64x528", "528x64")]
    public string Size { get; set; } = "";

    public double Work => 2.0 * Rows * Inner * Columns;

    public string Unit => "FLOP";

    private int Inner => int.Parse(Size.Split('x')[0]);

    private int Columns => int.Parse(Size.Split('x')[1]);

    [GlobalSetup]
    public void Allocate()
    {
        a = Floats.Random(Rows * Inner);
        b = Floats.Random(Inner * Columns);
        c = Floats.Random(Rows * Columns);
    }

    [Benchmark]
    public void Multiply() => SmallProduct.Multiply(a, Inner, b, Columns, c, Columns, Rows, Inner, Columns, false);
}
