using BenchmarkDotNet.Attributes;
using Eckart.Engine.Kernels;
using Eckart.Models;

namespace Eckart.Bench.Micro;

/// <summary>Attention of SmolLM2's shape: one key-value head, one query behind a shared prefix.</summary>
public unsafe class AttentionBenchmark : IMeasuredWork
{
    private const int HeadSize = 64, Group = 3;
    private readonly AttentionShape shape = new(HeadSize, Group, HeadSize, RotaryLayout.Halves, 0);
    private float* queries, angles, keys, values, scratch, output;
    private HeadKeys prefix, own;

    /// <summary>Prefix + own tokens: SST-2's and CB's.</summary>
    [Params("193+14", "430+94")]
    public string Tokens { get; set; } = "";

    // Scores and weighted values: two multiplications and additions for each visible position and dimension.
    public double Work => 4.0 * Group * HeadSize * Enumerable.Range(1, Own).Sum(visible => Prefix + visible);

    public string Unit => "FLOP";

    private int Prefix => int.Parse(Tokens.Split('+')[0]);

    private int Own => int.Parse(Tokens.Split('+')[1]);

    [GlobalSetup]
    public void Allocate()
    {
        queries = Floats.Random(Own * Group * HeadSize);
        output = Floats.Random(Own * Group * HeadSize);
        keys = Floats.Random(Prefix * HeadSize);
        values = Floats.Random(Prefix * HeadSize);
        angles = Floats.Random(Prefix * HeadSize);
        scratch = Floats.Random(AttentionTile.ScratchFloats(shape, Prefix, Own));
        (prefix, own) = (Store(Prefix), Store(Own));
    }

    [Benchmark]
    public void Attend() => AttentionTile.Run(shape, queries, Group * HeadSize, 0, Own, angles, prefix, own, output, Group * HeadSize, scratch);

    private HeadKeys Store(int count)
    {
        var stride = Lanes.Stride(count);
        var store = new HeadKeys(Floats.Random(HeadSize * stride), stride, Floats.Random(count * HeadSize), count);
        KeyWriter.Write(shape, keys, HeadSize, values, HeadSize, count, angles, store.Keys, stride, store.Values, 0);
        return store;
    }
}
