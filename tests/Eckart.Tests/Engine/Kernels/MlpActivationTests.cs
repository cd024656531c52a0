using Eckart.Engine.Kernels;
using Eckart.Models;

namespace Eckart.Tests.Engine.Kernels;

public sealed unsafe class MlpActivationTests
{
    private const int Rows = 3;

    public static TheoryData<Activation, int> Cases() => new(
        from activation in Enum.GetValues<Activation>()
        from size in new[] { 1, 15, 16, 17, 33, 64, 100 }
        select (activation, size));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Equals_the_formula_in_double(Activation activation, int size)
    {
        using var gate = Spread(size, size + 3);
        using var up = GuardedRows.Random(Rows, size, size + 2, seed: 2);
        using var gated = new GuardedRows<float>(Rows, size, size + 5);
        using var plain = new GuardedRows<float>(Rows, size, size + 1);

        MlpActivation.Gated(activation, gate.Start, size + 3, up.Start, size + 2, gated.Start, size + 5, Rows, size);
        MlpActivation.Plain(activation, gate.Start, size + 3, plain.Start, size + 1, Rows, size);

        for (var row = 0; row < Rows; row++)
        {
            for (var i = 0; i < size; i++)
            {
                var expected = Formula(activation, gate[row, i]);
                Assert.Equal(expected, plain[row, i], 5e-7 * Math.Max(0.1, Math.Abs(expected)));
                Assert.Equal(plain[row, i] * up[row, i], gated[row, i]);
            }
        }

        gated.AssertGuardsAreWhole();
        plain.AssertGuardsAreWhole();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bfloat16_is_the_float32_result_rounded(Activation activation, int size)
    {
        using var gate = Narrow(Spread(size, size), size);
        using var up = Narrow(GuardedRows.Random(Rows, size, size, seed: 2), size);
        using var gated = new GuardedRows<ushort>(Rows, size, size + 5);
        using var plain = new GuardedRows<ushort>(Rows, size, size + 1);

        MlpActivation.Gated(activation, gate.Start, size, up.Start, size, gated.Start, size + 5, Rows, size);
        MlpActivation.Plain(activation, gate.Start, size, plain.Start, size + 1, Rows, size);

        for (var row = 0; row < Rows; row++)
        {
            for (var i = 0; i < size; i++)
            {
                var expected = Formula(activation, Wide(gate[row, i]));
                Assert.Equal(expected, Wide(plain[row, i]), Math.Max(1e-7, Math.Abs(expected) / 250));
                Assert.Equal(expected * Wide(up[row, i]), Wide(gated[row, i]), Math.Max(1e-7, Math.Abs(expected) / 250));
            }
        }

        gated.AssertGuardsAreWhole();
        plain.AssertGuardsAreWhole();
    }

    [Theory]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.GeluTanh)]
    [InlineData(Activation.Relu)]
    public void NaN_stays_NaN_and_large_inputs_meet_the_asymptotes(Activation activation)
    {
        var x = stackalloc float[] { float.NaN, 200, -200, 0 };
        var y = stackalloc float[4];

        MlpActivation.Plain(activation, x, 4, y, 4, 1, 4);

        Assert.Equal(float.NaN, y[0]);
        Assert.Equal(200, y[1]);
        Assert.Equal(0, y[2], 1e-30f);
        Assert.Equal(0, y[3]);
    }

    // From −12 to 12, where all of them bend.
    private static GuardedRows<float> Spread(int size, int stride)
    {
        var random = new Random(1);
        return new GuardedRows<float>(Rows, size, stride).Filled((_, _) => (random.NextSingle() * 24) - 12);
    }

    private static GuardedRows<ushort> Narrow(GuardedRows<float> numbers, int size)
    {
        using (numbers) return new GuardedRows<ushort>(Rows, size, size).Filled((row, i) => (ushort)(BitConverter.SingleToUInt32Bits(numbers[row, i]) >> 16));
    }

    private static float Wide(ushort number) => BitConverter.UInt32BitsToSingle((uint)number << 16);

    private static double Formula(Activation activation, double x) => activation switch
    {
        Activation.Silu => x / (1 + Math.Exp(-x)),
        Activation.Gelu => x * NormalDistribution(x),
        Activation.GeluTanh => x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))) / 2,
        _ => Math.Max(x, 0),
    };

    // Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/15 + …) near 0, and Laplace's continued fraction for the tail.
    private static double NormalDistribution(double x)
    {
        var density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        if (Math.Abs(x) < 3)
        {
            var (term, sum) = (x, x);
            for (var n = 3; n < 200; n += 2) sum += term *= x * x / n;
            return 0.5 + (density * sum);
        }

        var fraction = 0.0;
        for (var n = 200; n > 0; n--) fraction = n / (Math.Abs(x) + fraction);
        var tail = density / (Math.Abs(x) + fraction);
        return x < 0 ? tail : 1 - tail;
    }
}
