using Eckart.Engine.Kernels;
using Eckart.Models;

namespace Eckart.Tests.Engine.Kernels;

public sealed class KeyWriterTests
{
    [Theory]
    [InlineData(64, 64, RotaryLayout.Halves, 14)]
    [InlineData(64, 16, RotaryLayout.Halves, 33)]
    [InlineData(96, 72, RotaryLayout.Halves, 16)]
    [InlineData(80, 32, RotaryLayout.Pairs, 17)]
    [InlineData(5, 2, RotaryLayout.Pairs, 15)]
    [InlineData(1, 0, RotaryLayout.Halves, 31)]
    [InlineData(100, 0, RotaryLayout.Pairs, 1)]
    [InlineData(256, 64, RotaryLayout.Pairs, 48)]
    public void Keys_stand_rotated_in_columns_and_values_in_rows(int headSize, int rotarySize, RotaryLayout layout, int count)
    {
        var shape = new AttentionShape(headSize, 1, rotarySize, layout, 0);
        using var store = new HeadStore(shape, count, firstPosition: 7, seed: 1);

        store.Write(0, count);

        for (var position = 0; position < Lanes.Padded(count); position++)
        {
            var expected = position < count ? store.RotatedKey(position) : new double[headSize];
            for (var i = 0; i < headSize; i++) Assert.Equal(expected[i], store.Keys[i, position], 3e-7);
        }

        for (var position = 0; position < count; position++)
        {
            Assert.Equal(store.V.Row(position), store.Values.Row(position)[..headSize]);
            Assert.DoesNotContain(store.Values.Row(position)[headSize..].ToArray(), number => number != 0);
        }

        store.Keys.AssertGuardsAreWhole();
        store.Values.AssertGuardsAreWhole();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(32)]
    public void Written_in_two_goes_the_store_is_the_same(int parting)
    {
        var shape = new AttentionShape(20, 1, 8, RotaryLayout.Halves, 0);
        using var atOnce = new HeadStore(shape, 40, firstPosition: 0, seed: 1);
        using var inTwo = new HeadStore(shape, 40, firstPosition: 0, seed: 1);

        atOnce.Write(0, 40);
        inTwo.Write(0, parting).Write(parting, 40);

        Assert.Equal(atOnce.Keys.Bytes(), inTwo.Keys.Bytes());
        Assert.Equal(atOnce.Values.Bytes(), inTwo.Values.Bytes());
    }

    [Fact]
    public void Threads_that_part_at_a_whole_vector_do_not_disturb_each_other()
    {
        var shape = new AttentionShape(20, 1, 8, RotaryLayout.Halves, 0);
        using var atOnce = new HeadStore(shape, 40, firstPosition: 0, seed: 1);
        using var backwards = new HeadStore(shape, 40, firstPosition: 0, seed: 1);

        atOnce.Write(0, 40);
        backwards.Write(16, 40).Write(0, 16);

        Assert.Equal(atOnce.Keys.Bytes(), backwards.Keys.Bytes());
    }
}
