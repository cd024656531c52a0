using Eckart.Engine;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Engine;

public sealed class WorkCountTests
{
    // A layer of the tiny model multiplies a token by 256 + 128 + 128 + 256 + 3 · 384 = 1,920 weights; 4 heads of size 4 see each key in 2 products.
    [Theory]
    [InlineData("none", (3 * ((2 * 5 * 1920) + (15 * 16 * 2 * 2))) + (2 * 16 * 256))]
    [InlineData("mlp@1:0.9", (3 * ((2 * 5 * 1920) + (15 * 16 * 2 * 2))) + (2 * 16 * 256))]
    [InlineData("drop@1", (2 * ((2 * 5 * 1920) + (15 * 16 * 2 * 2))) + (2 * 16 * 256))]
    public void A_pass_takes_every_matrix_at_every_token_but_a_layer_left_out_and_the_head_once(string intervention, long expected)
    {
        var spec = TinySpec();
        var query = Query([Choice(own: 1, 1, 2, 3, 4, 5, 6), Choice(own: 1, 1, 2, 3, 4, 5, 7)], []);

        Assert.Equal(expected, WorkCount.OfReference(spec, [query], Intervention.Parse(intervention)));
        Assert.Equal(3 * expected, WorkCount.OfReference(spec, [query, query, query], Intervention.Parse(intervention)));
    }

    [Fact]
    public void Choices_priors_and_mean_logits_take_a_pass_each()
    {
        var spec = TinySpec();
        const long Head = 2 * 16 * 256, Layers = 3;
        static long Pass(long tokens) => Layers * ((2 * tokens * 1920) + (tokens * (tokens + 1) / 2 * 16 * 2 * 2));

        var longer = WorkCount.OfReference(spec, [Query([Choice(own: 2, 1, 2, 3, 8), Choice(own: 1, 1, 2, 4)], [])], Intervention.None);
        var priors = WorkCount.OfReference(spec, [Query([Choice(own: 1, 1, 2, 3)], [Choice(own: 1, 9, 3)])], Intervention.None);
        var means = WorkCount.OfReference(spec, [Query([Choice(own: 0, 1, 2, 3), Choice(own: 0, 1, 2)], [])], Intervention.None);

        Assert.Equal(Pass(3) + (2 * Head), longer);
        Assert.Equal(Pass(2) + Head + Pass(1) + Head, priors);
        Assert.Equal(Pass(3) + (3 * Head) + Pass(2) + (2 * Head), means);
    }

    private static ModelSpec TinySpec()
    {
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(TinyModel.Write(folder));
        return checkpoint.Spec;
    }

    private static Query Query(Continuation[] choices, Continuation[] priors) => new("query", 0, 0, [.. choices], [.. priors]);

    private static Continuation Choice(int own, params int[] ids) => new(ids, own);
}
