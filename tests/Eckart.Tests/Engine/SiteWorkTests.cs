using Eckart.Engine.Walking;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tests.Support;

namespace Eckart.Tests.Engine;

public sealed class SiteWorkTests
{
    // The tiny model's gate and up are (24, 16): a rank costs 40 of the 384 multiplications that a row takes dense.
    [Theory]
    [InlineData(SvdKind.Exact, "none", 384)]
    [InlineData(SvdKind.Exact, "mlp@1:0.5", 8 * 40)]
    [InlineData(SvdKind.Exact, "mlp@1:0.5 mlp@1:0.75", ((8 + 4) * 24) + (8 * 16))]
    [InlineData(SvdKind.Exact, "mlp@1:0.5 mlp@1:0.5", 8 * 40)]
    [InlineData(SvdKind.Exact, "mlp@1:0.1", 384)]
    [InlineData(SvdKind.Exact, "none mlp@1:0.1", 384 + (2 * 40))]
    [InlineData(SvdKind.Exact, "none mlp@0:0.1+mlp@1:0.1", 384 + 384)]
    [InlineData(SvdKind.Exact, "none mlp@1:0.1 mlp@1:0.2 mlp@1:0.75", 384 + ((2 + 4) * 24) + (4 * 16) + (4 * 40))]
    [InlineData(SvdKind.Randomized, "mlp@1:0.5 mlp@1:0.75", (8 + 4) * 40)]
    [InlineData(SvdKind.Randomized, "none mlp@1:0.1", 384 + 384)]
    public void Rates_share_the_factors_right_hand_and_a_small_cut_is_taken_from_the_unedited_product(SvdKind svd, string readers, long expected)
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(TinyModel.Write(folder));
        var edits = readers.Split(' ').Select(text => LayerEdit.Of(Intervention.Parse(text), checkpoint.Spec).FirstOrDefault(edit => edit.Layer == 1));

        var work = new SiteWork(checkpoint.Spec, svd).Of(Projection.Gate, rows: 10, edits);

        Assert.Equal(2 * 10 * expected, work);
    }
}
