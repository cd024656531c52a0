using System.Text.Json.Nodes;
using Eckart.Export;
using Eckart.Pruning;
using Eckart.Tests.Support;

namespace Eckart.Tests.Export;

public sealed class LayerNumbersTests
{
    [Theory]
    [InlineData("llama", "model.layers.0.mlp.up_proj.weight", "model.layers.0.mlp.up_proj.weight")]
    [InlineData("llama", "model.layers.1.mlp.up_proj.weight", null)]
    [InlineData("llama", "model.layers.2.self_attn.rotary_emb.inv_freq", "model.layers.1.self_attn.rotary_emb.inv_freq")]
    [InlineData("llama", "layers.2.mlp.up_proj.weight", "layers.1.mlp.up_proj.weight")]
    [InlineData("llama", "model.layers.7.extra", "model.layers.7.extra")]
    [InlineData("llama", "model.layers.1", "model.layers.1")]
    [InlineData("llama", "model.layers.one.weight", "model.layers.one.weight")]
    [InlineData("llama", "model.embed_tokens.weight", "model.embed_tokens.weight")]
    [InlineData("gptj", "transformer.h.2.attn.masked_bias", "transformer.h.1.attn.masked_bias")]
    [InlineData("gptj", "h.1.attn.bias", null)]
    public void A_tensor_goes_with_its_layer(string family, string name, string? expected) => Assert.Equal(expected, Without(family, 1).NameOf(name));

    [Fact]
    public void What_a_configuration_says_layer_by_layer_goes_with_the_layers()
    {
        var config = (JsonObject)JsonNode.Parse("""{"num_hidden_layers": 3, "layer_types": ["a", "b", "c"], "max_window_layers": 2, "layers": [1, 2, 3], "x": 1.50}""")!;

        Without("qwen2", 1).Renumber(config);

        Assert.Equal("""{"num_hidden_layers":2,"layer_types":["a","c"],"max_window_layers":1,"layers":[1,2,3],"x":1.50}""", config.ToJsonString());
    }

    [Fact]
    public void Those_that_are_left_keep_their_order()
    {
        var numbers = Without("llama", 0);

        Assert.Equal([null, 0, 1], Enumerable.Range(0, 3).Select(numbers.Of));
        Assert.Equal((2, false), (numbers.Count, numbers.Unchanged));
    }

    private static LayerNumbers Without(string family, int layer) => new(SomeSpec.Of(family), new Intervention(new LayerDrop(layer)));
}
