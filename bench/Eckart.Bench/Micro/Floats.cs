using System.Runtime.InteropServices;

namespace Eckart.Bench.Micro;

/// <summary>Native memory aligned as the engine's, filled with numbers in [−½, ½). Lives as long as the process.</summary>
internal static unsafe class Floats
{
    public static float* Random(int count)
    {
        var numbers = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
        var random = new Random(1);
        for (var i = 0; i < count; i++) numbers[i] = random.NextSingle() - 0.5f;
        return numbers;
    }
}
