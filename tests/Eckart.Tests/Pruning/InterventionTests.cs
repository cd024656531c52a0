using CsCheck;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tests.Support;

namespace Eckart.Tests.Pruning;

public sealed class InterventionTests
{
    private static readonly ModelSpec Llama = SomeSpec.Of();

    private static readonly Gen<Edit> Edits = Gen.OneOf<Edit>(
        from layer in Gen.Int[-3, 99] select (Edit)new LayerDrop(layer),
        from module in Gen.Int[0, Module.Known.Length - 1]
        from layer in Gen.Int[-3, 99]
        from thousandths in Gen.Int[0, 999]
        select (Edit)new Truncation(Module.Known[module], layer, new ClippingRate(thousandths / 1000m)));

    public static TheoryData<string> Modules { get; } = [.. Module.Known.Select(module => module.Name)];

    [Theory]
    [MemberData(nameof(Modules))]
    public void Every_module_is_written_as_it_is_read_in_any_case(string module)
    {
        var intervention = Intervention.Parse($"{module.ToUpperInvariant()}@2:0.950").Resolve(Llama);

        Assert.Equal($"{module}@2:0.95", intervention.ToString());
        Assert.Equal(Module.Find(module)!.In(Llama), intervention.Truncations(Llama).Select(truncation => truncation.Site.Projection));
        Assert.All(intervention.Truncations(Llama), truncation => Assert.Equal((2, "0.95"), (truncation.Site.Layer, truncation.Rate.ToString())));
    }

    [Fact]
    public void The_modules_are_the_papers_and_every_projection()
    {
        Assert.Equal(["mlp", "attention", "all", "query", "key", "value", "output", "gate", "up", "down"], Module.Known.Select(module => module.Name));
        Assert.Equal([Projection.Query, Projection.Key, Projection.Value, Projection.Output], Module.Attention.In(Llama));
        Assert.Equal([Projection.Gate, Projection.Up, Projection.Down], Module.Mlp.In(Llama));
        Assert.Equal([Projection.Up, Projection.Down], Module.Mlp.In(SomeSpec.Of("gptj")));
        Assert.Equal(Llama.Projections, Module.Whole.In(Llama));
    }

    [Fact]
    public void What_is_printed_reads_as_the_same_value()
    {
        Edits.Array[0, 4].Sample(edits =>
        {
            var intervention = new Intervention([.. edits]);

            var read = Intervention.Parse(intervention.ToString());

            return read.Equals(intervention) && read.GetHashCode() == intervention.GetHashCode();
        });
    }

    [Theory]
    [InlineData("none")]
    [InlineData("NONE")]
    [InlineData(" none ")]
    [InlineData("mlp@1:0")]
    [InlineData("mlp@1:0.000+attention@-1:0")]
    public void What_removes_nothing_is_none(string text)
    {
        var intervention = Intervention.Parse(text).Resolve(Llama);

        Assert.True(intervention.IsNone);
        Assert.Equal(Intervention.None, intervention);
        Assert.Equal("none", intervention.ToString());
    }

    [Theory]
    [InlineData("mlp@-1:0.5", "mlp@2:0.5")]
    [InlineData("mlp@-3:0.5", "mlp@0:0.5")]
    [InlineData("drop@-2", "drop@1")]
    public void Negative_layers_count_from_the_end(string text, string expected)
    {
        Assert.Equal(expected, Intervention.Parse(text).Resolve(Llama).ToString());
    }

    [Theory]
    [InlineData("mlp@1:0.5+attention@1:0.9", "attention@1:0.9+mlp@1:0.5")]
    [InlineData("down@0:0.5+drop@2+up@0:0.1", "up@0:0.1+down@0:0.5+drop@2")]
    [InlineData("mlp@-1:0.50 + DROP@0", "drop@0+mlp@2:0.5")]
    [InlineData("mlp@0:0+mlp@1:0.5", "mlp@1:0.5")]
    public void Two_spellings_are_one_value(string text, string expected)
    {
        var intervention = Intervention.Parse(text).Resolve(Llama);

        Assert.Equal(expected, intervention.ToString());
        Assert.Equal(Intervention.Parse(expected).Resolve(Llama), intervention);
    }

    [Theory]
    [InlineData("mlp@1:0.5+down@1:0.9", "down@1", "mlp@1:0.5", "down@1:0.9")]
    [InlineData("mlp@1:0.5+mlp@-2:0.5", "gate@1", "mlp@1:0.5 and in mlp@1:0.5")]
    [InlineData("all@1:0.5+attention@1:0.9", "query@1", "all@1:0.5", "attention@1:0.9")]
    [InlineData("up@1:0+up@1:0.9", "up@1", "up@1:0 ", "up@1:0.9")]
    [InlineData("drop@1+mlp@1:0.5", "gate@1", "drop@1", "mlp@1:0.5")]
    [InlineData("drop@1+drop@-2", "query@1", "in drop@1 and in drop@1")]
    public void The_same_matrix_twice_is_refused(string text, params string[] parts)
    {
        Refused.With(() => Intervention.Parse(text).Resolve(Llama), ["intervention", "each matrix once", .. parts]);
    }

    [Theory]
    [InlineData("mlp@3:0.5", "found 3")]
    [InlineData("mlp@-4:0.5", "found -4")]
    [InlineData("drop@2147483647", "found 2147483647")]
    [InlineData("drop@-2147483648", "found -2147483648")]
    public void A_layer_that_the_model_lacks_is_refused(string text, string found)
    {
        Refused.With(() => Intervention.Parse(text).Resolve(Llama), text, "from 0 to 2", "from -3 to -1", found);
    }

    [Fact]
    public void A_matrix_that_the_family_lacks_is_refused()
    {
        Refused.With(() => Intervention.Parse("gate@1:0.5").Resolve(SomeSpec.Of("gptj")), "gate@1:0.5", "Query, Key, Value, Output, Up, Down", "GPT-J");
    }

    [Theory]
    [InlineData("", "expected MODULE@LAYER, found ''")]
    [InlineData("+", "expected MODULE@LAYER, found ''")]
    [InlineData("mlp@3:0.5+", "expected MODULE@LAYER, found ''")]
    [InlineData("mlp", "expected MODULE@LAYER, found 'mlp'")]
    [InlineData("none+mlp@1:0.5", "expected MODULE@LAYER, found 'none'")]
    [InlineData("mlp@", "expected a layer, found ''")]
    [InlineData("mlp@:0.5", "expected a layer, found ''")]
    [InlineData("mlp@x:0.5", "expected a layer, found 'x'")]
    [InlineData("mlp@1.5:0.5", "expected a layer, found '1.5'")]
    [InlineData("mlp@99999999999:0.5", "expected a layer, found '99999999999'")]
    [InlineData("mlp@@3:0.5", "expected a layer, found '@3'")]
    [InlineData("mlp@3", "expected a clipping rate from 0 up to, not including, 1, found ''")]
    [InlineData("mlp@3:", "expected a clipping rate from 0 up to, not including, 1, found ''")]
    [InlineData("mlp@3:1", "found '1'")]
    [InlineData("mlp@3:0.5:0.5", "found '0.5:0.5'")]
    [InlineData("mlp@3:0,5", "found '0,5'")]
    [InlineData("mlp:0.5", "expected MODULE@LAYER, found 'mlp:0.5'")]
    [InlineData("mpl@3:0.5", "expected one of mlp, attention, all, query, key, value, output, gate, up, down or drop, found 'mpl'")]
    [InlineData("@3:0.5", "or drop, found ''")]
    [InlineData("drop@3:0.5", "expected drop@LAYER without a rate, found 'drop@3:0.5'")]
    [InlineData("drop@3:", "expected drop@LAYER without a rate, found 'drop@3:'")]
    [InlineData("drop@", "expected a layer, found ''")]
    [InlineData("mlp@1:0.5\nmlp@2:0.5", "found '0.5\\u000amlp@2:0.5'")]
    public void What_is_not_the_notation_is_refused_by_its_part(string text, string found)
    {
        Refused.With(() => Intervention.Parse(text), "intervention '", found, "MODULE@LAYER:RATE");
    }
}
