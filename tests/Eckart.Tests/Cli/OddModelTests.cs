using System.Text.Json.Nodes;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

/// <summary>Models that are whole but odd, through the verbs.</summary>
public sealed class OddModelTests
{
    [Fact]
    public async Task Weights_of_all_zeros_score_every_choice_alike_and_the_first_is_predicted()
    {
        using var words = new Words();
        var zeros = words.ModelWith("zeros", weights =>
        {
            foreach (var (_, values) in weights.Values) Array.Clear(values);
        });
        var input = words.File("in.jsonl", """{"prompt": "cat =", "choices": [" b", " a"]}""");

        foreach (var intervention in new[] { "none", "mlp@1:0.5" })
        {
            var (exit, output, error) = await CommandLine.Run("score", "--model", zeros, "--input", input, "--intervention", intervention, "--quiet");

            Assert.True(exit == 0, error);
            var scored = Assert.Single(Shape.Lines(output));
            Assert.Equal(0, scored.GetProperty("prediction").GetInt32());
            Assert.All(scored.GetProperty("log_probabilities").Numbers(), value => Assert.Equal(-2 * Math.Log(TinyModel.Vocabulary), value, 1e-9));
        }
    }

    [Theory]
    [InlineData("walk")]
    [InlineData("reference")]
    public async Task A_matrix_without_rank_is_truncated_to_itself(string engine)
    {
        using var words = new Words();
        var zeros = words.ModelWith("zeros", weights =>
        {
            foreach (var (_, values) in weights.Values) Array.Clear(values);
        });

        var evaluated = await CommandLine.Json("evaluate", "--model", zeros, "--task", words.Task, "--intervention", "all@0:0.9", "--engine", engine, "--quiet");

        Assert.Equal((12, 6), (evaluated.GetProperty("n").GetInt32(), evaluated.GetProperty("correct").GetInt32()));
    }

    [Theory]
    [InlineData("walk")]
    [InlineData("reference")]
    public async Task Hidden_states_that_overflow_are_refused_though_every_weight_is_finite(string engine)
    {
        using var words = new Words();
        var large = words.ModelWith("large", weights => Array.Fill(weights["model.layers.1.mlp.down_proj.weight"].Values, float.MaxValue));

        foreach (var intervention in new[] { "none", "attention@2:0.5" })
            await CommandLine.Refuses(["evaluate", "--model", large, "--task", words.Task, "--intervention", intervention, "--engine", engine, "--quiet"], "words test row", "expected finite scores, found NaN or infinity");
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.NaN)]
    public async Task A_weight_that_is_not_finite_is_refused_by_every_verb_that_uses_it(float value)
    {
        using var words = new Words();
        var broken = words.ModelWith("broken", weights => weights["model.layers.1.mlp.up_proj.weight"].Values[5] = value);

        await CommandLine.Refuses(["evaluate", "--model", broken, "--task", words.Task, "--quiet"], "words test row", "finite");
        await CommandLine.Refuses(["inspect", "--model", broken, "--quiet"], "model.layers.1.mlp.up_proj.weight", "finite");
    }

    [Fact]
    public async Task Weights_of_a_type_that_cannot_be_read_are_refused_by_name()
    {
        using var words = new Words();
        var model = words.ModelWith("typed", _ => { });
        var weights = Path.Combine(model, "model.safetensors");
        await File.WriteAllBytesAsync(weights, Retyped(await File.ReadAllBytesAsync(weights, TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);

        await CommandLine.Refuses(["evaluate", "--model", model, "--task", words.Task, "--quiet"], "tensor", "I32");
        await CommandLine.Refuses(["inspect", "--model", model, "--quiet"], "tensor", "I32");
    }

    [Fact]
    public async Task A_vocabulary_larger_than_the_embedding_matters_only_where_its_surplus_occurs()
    {
        using var words = new Words();
        var model = words.ModelWith("surplus", _ => { });
        var tokenizer = TinyModel.Tokenizer();
        tokenizer["added_tokens"] = new JsonArray(new JsonObject { ["id"] = 256, ["content"] = "cat", ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = false });
        words.File("surplus/tokenizer.json", tokenizer.ToJsonString());
        var without = words.File("without.jsonl", """{"prompt": "dog =", "choices": [" a", " b"]}""");
        var with = words.File("with.jsonl", """{"prompt": "cat =", "choices": [" a", " b"]}""");

        var (exit, _, error) = await CommandLine.Run("score", "--model", model, "--input", without, "--quiet");

        Assert.True(exit == 0, error);
        await CommandLine.Refuses(["score", "--model", model, "--input", with, "--quiet"], "with.jsonl:1", "from 0 to 255, found 256");
    }

    [Fact]
    public async Task A_matrix_that_the_family_lacks_is_no_module()
    {
        var model = Shared.Find("golden/checkpoints/gptj");

        await CommandLine.Refuses(["inspect", "--model", model, "--module", "gate", "--quiet"], "module 'gate'", "up, down");
    }

    // The same length of name and of number: no offset moves.
    private static byte[] Retyped(byte[] bytes)
    {
        for (var i = 0; i < bytes.Length - 2; i++)
            if (bytes[i] == 'F' && bytes[i + 1] == '3' && bytes[i + 2] == '2') bytes[i] = (byte)'I';
        return bytes;
    }
}
