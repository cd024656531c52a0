using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tests.Support;
using TorchSharp;

namespace Eckart.Tests.Pruning;

public sealed class WeightEditorTests
{
    private const string Down = "model.layers.1.mlp.down_proj.weight";

    [Theory]
    [InlineData("none")]
    [InlineData("mlp@1:0")]
    [InlineData("all@0:0+attention@1:0")]
    public void A_rate_of_zero_leaves_logits_bit_identical_and_decomposes_nothing(string intervention)
    {
        using var tiny = new TinyLm();
        var before = tiny.LogitBits();

        var under = tiny.LogitBitsUnder(intervention);

        Assert.Equal(before, under);
        Assert.Empty(tiny.Editor.Factored);
    }

    [Theory]
    [InlineData("mlp@1:0.9", SvdKind.Exact)]
    [InlineData("all@0:0.5+drop@2", SvdKind.Exact)]
    [InlineData("attention@1:0.5", SvdKind.Randomized)]
    public void Disposing_an_edit_restores_the_very_bytes(string intervention, SvdKind svd)
    {
        using var tiny = new TinyLm(svd: svd);
        var before = tiny.LogitBits();

        var under = tiny.LogitBitsUnder(intervention);

        Assert.NotEqual(before, under);
        Assert.Equal(before, tiny.LogitBits());
    }

    [Theory]
    [InlineData("down@1:0.5", "model.layers.1.mlp.down_proj.weight", 8)]
    [InlineData("key@0:0.5", "model.layers.0.self_attn.k_proj.weight", 4)]
    [InlineData("key@0:0.995", "model.layers.0.self_attn.k_proj.weight", 1)]
    [InlineData("output@2:0.9", "model.layers.2.self_attn.o_proj.weight", 1)]
    public void A_truncated_matrix_is_its_best_approximation_and_all_others_are_as_stored(string intervention, string name, int rank)
    {
        using var edited = new TinyLm();
        using var expected = new TinyLm(weights => weights[name] = (weights[name].Shape, Truncated(weights[name], rank)));

        using var edit = edited.Editor.Apply(edited.Resolve(intervention));

        Assert.Equal(rank, Assert.Single(edit.Ranks).Value);
        Assert.Equal(expected.LogitBits(), edited.LogitBits());
    }

    [Fact]
    public void Every_matrix_of_a_module_keeps_the_rank_that_its_own_shape_gives()
    {
        using var tiny = new TinyLm();

        using var edit = tiny.Editor.Apply(tiny.Resolve("all@1:0.5"));

        Assert.Equal(
            ["query@1 8", "key@1 4", "value@1 4", "output@1 8", "gate@1 8", "up@1 8", "down@1 8"],
            edit.Ranks.Select(rank => $"{rank.Key} {rank.Value}"));
    }

    [Theory]
    [InlineData(SvdKind.Exact)]
    [InlineData(SvdKind.Randomized)]
    public void The_order_of_rates_does_not_matter(SvdKind svd)
    {
        string[] rates = ["mlp@1:0.1", "mlp@1:0.5", "mlp@1:0.9"];
        using var tiny = new TinyLm(svd: svd, seed: 3);
        var ascending = rates.Select(tiny.LogitBitsUnder).ToArray();

        var descending = rates.Reverse().Select(tiny.LogitBitsUnder).Reverse().ToArray();

        using var fresh = new TinyLm(svd: svd, seed: 3);
        Assert.Equal(ascending, descending);
        Assert.Equal(ascending[1], fresh.LogitBitsUnder(rates[1]));
    }

    [Fact]
    public void A_seed_decides_the_randomised_truncation()
    {
        using var tiny = new TinyLm(svd: SvdKind.Randomized, seed: 3);
        using var other = new TinyLm(svd: SvdKind.Randomized, seed: 4);
        using var exact = new TinyLm();

        var bits = tiny.LogitBitsUnder("mlp@1:0.5");

        Assert.NotEqual(bits, other.LogitBitsUnder("mlp@1:0.5"));
        Assert.NotEqual(bits, exact.LogitBitsUnder("mlp@1:0.5"));
        Assert.Empty(tiny.Editor.Factored);
    }

    [Fact]
    public void A_dropped_layer_hands_on_its_input()
    {
        using var tiny = new TinyLm();
        using var scope = torch.NewDisposeScope();
        var inputs = new List<int[]>();

        using var edit = tiny.Editor.Apply(tiny.Resolve("drop@1"));
        tiny.Model.HiddenStates([5, 6, 7], (_, pass) => inputs.Add(SomeMatrix.Bits(pass.Input)));

        Assert.Empty(edit.Ranks);
        Assert.Equal(inputs[1], inputs[2]);
        Assert.NotEqual(inputs[0], inputs[1]);
    }

    [Fact]
    public void Factors_are_kept_for_the_next_rate_and_let_go_when_other_matrices_come()
    {
        using var tiny = new TinyLm();

        tiny.Editor.Apply(tiny.Resolve("attention@1:0.5")).Dispose();
        Assert.Equal(["key@1", "output@1", "query@1", "value@1"], Factored(tiny));
        tiny.Editor.Apply(tiny.Resolve("key@1:0.9+down@2:0.9")).Dispose();
        Assert.Equal(["down@2", "key@1"], Factored(tiny));
        tiny.Editor.Apply(Intervention.None).Dispose();
        Assert.Equal(["down@2", "key@1"], Factored(tiny));      // the unedited model's turn in a search costs no factors
    }

    [Theory]
    [InlineData(float.NaN, SvdKind.Exact)]
    [InlineData(float.PositiveInfinity, SvdKind.Exact)]
    [InlineData(float.NaN, SvdKind.Randomized)]
    public void A_matrix_that_is_not_finite_is_refused_by_its_name(float value, SvdKind svd)
    {
        using var tiny = new TinyLm(weights => weights[Down].Values[3] = value, svd: svd);

        Refused.With(() => tiny.Editor.Apply(tiny.Resolve("mlp@1:0.5")), "down@1", "mlp@1:0.5", "NaN or infinity");

        tiny.Editor.Apply(tiny.Resolve("mlp@2:0.5")).Dispose();
    }

    [Fact]
    public void An_edit_that_fails_half_way_leaves_the_model_as_it_was()
    {
        using var tiny = new TinyLm();
        var before = tiny.LogitBits();

        Assert.ThrowsAny<Exception>(() => tiny.Editor.Apply(Intervention.Parse("mlp@1:0.5+drop@7")));

        Assert.Equal(before, tiny.LogitBits());
    }

    [Fact]
    public void The_callers_products_run_on_as_many_threads_as_before()
    {
        using var tiny = new TinyLm();
        var before = torch.get_num_threads();
        torch.set_num_threads(2);

        var bits = tiny.LogitBitsUnder("all@1:0.5");
        var threads = torch.get_num_threads();

        torch.set_num_threads(before);
        Assert.NotEmpty(bits);
        Assert.Equal(2, threads);
    }

    private static IEnumerable<string> Factored(TinyLm tiny) => tiny.Editor.Factored.Select(site => site.ToString()).Order();

    private static float[] Truncated((long[] Shape, float[] Values) weight, int rank)
    {
        using var scope = torch.NewDisposeScope();
        using var factors = SpectralFactors.Of(torch.tensor(weight.Values, weight.Shape));
        return factors.Truncate(rank).data<float>().ToArray();
    }
}
