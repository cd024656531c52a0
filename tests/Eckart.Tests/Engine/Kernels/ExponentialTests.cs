using System.Runtime.Intrinsics;
using Eckart.Engine.Kernels;

namespace Eckart.Tests.Engine.Kernels;

public sealed class ExponentialTests
{
    [Fact]
    public void Is_right_to_two_ten_millionths_of_itself()
    {
        var worst = 0.0;
        for (var x = -87f; x <= 88f; x += 1f / 2048)
        {
            var found = Exponential.Of(Vector512.Create(x))[0];
            worst = Math.Max(worst, Math.Abs((found / Math.Exp(x)) - 1));
        }

        Assert.InRange(worst, 0, 2e-7);
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(float.NaN, float.NaN)]
    public void Is_exact_where_it_must_be(float x, float expected) => Assert.Equal(Vector512.Create(expected), Exponential.Of(Vector512.Create(x)));

    [Fact]
    public void Holds_the_limits_value_beyond_them()
    {
        Assert.Equal(Exponential.Of(Vector512.Create(-87f)), Exponential.Of(Vector512.Create(float.NegativeInfinity)));
        Assert.Equal(Exponential.Of(Vector512.Create(88f)), Exponential.Of(Vector512.Create(1e30f)));
    }
}
