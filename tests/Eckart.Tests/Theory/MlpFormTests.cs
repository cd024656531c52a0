using Eckart.Theory;

namespace Eckart.Tests.Theory;

public sealed class MlpFormTests
{
    private static readonly AttentionWeights Plain = new(RealMatrix.Identity(2), RealMatrix.Identity(2), RealMatrix.Identity(2));
    private static readonly MlpForm Mlp = new(RealMatrix.OfRows([1, 0], [0, 1], [-1, -1]), RealMatrix.OfRows([1, 0, 2], [0, 1, 0]));
    private static readonly TokenContext Context = new(RealMatrix.OfRows([1, 0], [1, -1]), [1, 2]);

    // S = [[1, 1], [1, 2]], S·h = [3, 5], W_in·S·h = [3, 5, −8], of which relu leaves [3, 5, 0].
    [Fact]
    public void The_layer_adds_what_relu_leaves() => Assert.Equal([1 + 3, 2 + 5], Mlp.Attend(Plain, Context));

    [Fact]
    public void Without_relu_everything_is_added() => Assert.Equal([3 - 16, 5], Mlp.RelaxedUpdate(Plain, Context.Demonstrations).Times([1, 2]));
}
