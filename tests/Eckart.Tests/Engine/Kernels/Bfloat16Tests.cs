using Eckart.Engine.Kernels;

namespace Eckart.Tests.Engine.Kernels;

public sealed unsafe class Bfloat16Tests
{
    public static TheoryData<int> Counts() => new(0, 1, 15, 16, 17, 31, 32, 33, 100);

    [Fact]
    public void Every_bfloat16_comes_back_as_it_was()
    {
        using var all = new GuardedRows<ushort>(1, 1 << 16, 1 << 16);
        all.Filled((_, i) => (ushort)i);
        using var wide = new GuardedRows<float>(1, 1 << 16, 1 << 16);
        using var back = new GuardedRows<ushort>(1, 1 << 16, 1 << 16);

        Bfloat16.Widen(all.Start, wide.Start, 1 << 16);
        Bfloat16.Narrow(wide.Start, back.Start, 1 << 16);

        for (var i = 0; i < 1 << 16; i++)
        {
            Assert.Equal(BitConverter.UInt32BitsToSingle((uint)i << 16), wide[0, i]);
            if (float.IsNaN(wide[0, i])) Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle((uint)back[0, i] << 16)));
            else Assert.Equal(i, back[0, i]);
        }
    }

    [Theory]
    [InlineData(0x3F808000u, 0x3F80)]       // a tie goes to even: down …
    [InlineData(0x3F818000u, 0x3F82)]       // … and up
    [InlineData(0x3F808001u, 0x3F81)]
    [InlineData(0x3F807FFFu, 0x3F80)]
    [InlineData(0xBF818000u, 0xBF82)]
    [InlineData(0x7F7FFFFFu, 0x7F80)]       // the largest float32 rounds to infinity
    [InlineData(0x00008000u, 0x0000)]
    [InlineData(0x7F800001u, 0x7FC0)]       // a NaN whose upper half alone would be infinite
    [InlineData(0xFFFFFFFFu, 0xFFFF)]
    public void Narrowing_rounds_to_the_nearest(uint bits, int expected)
    {
        var (from, to) = (BitConverter.UInt32BitsToSingle(bits), (ushort)0);

        Bfloat16.Narrow(&from, &to, 1);

        Assert.Equal(expected, to);
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Any_count_is_converted_and_no_more(int count)
    {
        using var numbers = GuardedRows.Random(1, count, count, seed: 5);
        using var narrow = new GuardedRows<ushort>(1, count, count);
        using var wide = new GuardedRows<float>(1, count, count);

        Bfloat16.Narrow(numbers.Start, narrow.Start, count);
        Bfloat16.Widen(narrow.Start, wide.Start, count);

        for (var i = 0; i < count; i++) Assert.Equal(numbers[0, i], wide[0, i], Math.Abs(numbers[0, i]) / 256.0);
        narrow.AssertGuardsAreWhole();
        wide.AssertGuardsAreWhole();
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Adding_keeps_float32(int count)
    {
        using var x = GuardedRows.Random(1, count, count, seed: 6);
        using var before = GuardedRows.Random(1, count, count, seed: 6);
        using var delta = new GuardedRows<ushort>(1, count, count);
        delta.Filled((_, i) => (ushort)(0x3F80 + i));

        Bfloat16.AddTo(x.Start, delta.Start, count);

        for (var i = 0; i < count; i++) Assert.Equal(before[0, i] + BitConverter.UInt32BitsToSingle((0x3F80u + (uint)i) << 16), x[0, i]);
        x.AssertGuardsAreWhole();
    }
}
