using BenchmarkDotNet.Attributes;
using Eckart.Engine.Kernels;
using Eckart.Models;

namespace Eckart.Bench.Micro;

/// <summary>Keys and values of one query's own tokens, for one key-value head of SmolLM2's shape.</summary>
public unsafe class KeyWritingBenchmark : IMeasuredWork
{
    private const int HeadSize = 64, Tokens = 14;
    private static readonly int Stride = Lanes.Stride(Tokens);
    private readonly AttentionShape shape = new(HeadSize, 3, HeadSize, RotaryLayout.Halves, 0);
    private float* keys, values, angles, targetKeys, targetValues;

    public double Work => HeadSize * Tokens;

    public string Unit => "N";

    [GlobalSetup]
    public void Allocate()
    {
        keys = Floats.Random(Tokens * HeadSize);
        values = Floats.Random(Tokens * HeadSize);
        angles = Floats.Random(Tokens * HeadSize);
        targetKeys = Floats.Random(HeadSize * Stride);
        targetValues = Floats.Random(Tokens * HeadSize);
    }

    [Benchmark]
    public void Write() => KeyWriter.Write(shape, keys, HeadSize, values, HeadSize, Tokens, angles, targetKeys, Stride, targetValues, 0);
}
