using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class TokenizeCommandTests
{
    [Fact]
    public async Task A_text_becomes_ids_and_tokens()
    {
        using var words = new Words();

        var (exit, output, error) = await CommandLine.Run("tokenize", "--model", words.Model, "--text", "a é");

        Assert.Equal((0, ""), (exit, error));
        Assert.Equal("{\"ids\":[97,32,195,169],\"tokens\":[\"a\",\"Ġ\",\"Ã\",\"©\"]}\n", output);
    }

    [Fact]
    public async Task Lines_go_to_ids_and_back_in_order()
    {
        using var words = new Words();
        var texts = "{\"text\":\"one\"}\n{\"text\":\" zwei\\n\"}\n{\"text\":\"trés\"}\n";

        var (_, ids, _) = await CommandLine.Run("tokenize", "--model", words.Model, "--input", words.File("texts.jsonl", texts), "--plain");
        var (_, back, _) = await CommandLine.Run("tokenize", "--model", words.Model, "--input", words.File("ids.jsonl", ids), "--decode");

        Assert.Equal(texts, back);
    }

    [Fact]
    public async Task Plain_leaves_out_what_the_tokenizer_adds()
    {
        using var words = new Words();
        var tokenizer = TinyModel.Tokenizer();
        tokenizer["post_processor"] = System.Text.Json.Nodes.JsonNode.Parse("""{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "!", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [], "special_tokens": {"!": {"id": "!", "ids": [33], "tokens": ["!"]}}}""");
        words.File("only/tokenizer.json", tokenizer.ToJsonString());

        var (_, added, _) = await CommandLine.Run("tokenize", "--model", words["only"], "--text", "a");
        var (_, plain, _) = await CommandLine.Run("tokenize", "--model", words["only"], "--text", "a", "--plain");

        Assert.Equal("{\"ids\":[33,97],\"tokens\":[\"!\",\"a\"]}\n", added);
        Assert.Equal("{\"ids\":[97],\"tokens\":[\"a\"]}\n", plain);
    }

    [Fact]
    public async Task A_folder_with_only_a_tokenizer_will_do()
    {
        using var words = new Words();
        words.File("only/tokenizer.json", TinyModel.Tokenizer().ToJsonString());

        var (exit, output, _) = await CommandLine.Run("tokenize", "--model", words["only"], "--text", "a");

        Assert.Equal(0, exit);
        Assert.Equal("{\"ids\":[97],\"tokens\":[\"a\"]}\n", output);
    }

    [Fact]
    public async Task A_refused_line_leaves_nothing_on_standard_output()
    {
        using var words = new Words();

        await CommandLine.Refuses(["tokenize", "--model", words.Model, "--decode", "--input", words.File("ids.jsonl", "{\"ids\":[97]}\n{\"ids\":[256]}\n")], "ids.jsonl:2: ", "256");
        await CommandLine.Refuses(["tokenize", "--model", words.Model, "--input", words.File("texts.jsonl", "{\"text\":\"a\"}\n{\"txt\":\"b\"}\n")], "texts.jsonl:2: ", "'text'");
        await CommandLine.Refuses(["tokenize", "--model", words.Model, "--input", words.File("cut.jsonl", "{\"text\":\"a\"}\n{\"text\"")], "cut.jsonl:2: ");
        await CommandLine.Refuses(["tokenize", "--model", words.Model, "--input", words.File("ids.jsonl", "{\"ids\":[9.5]}\n"), "--decode"], "ids.jsonl:1: expected field 'ids' to be a list of whole numbers");
    }

    [Fact]
    public async Task Sources_that_contradict_each_other_are_refused()
    {
        using var words = new Words();

        await CommandLine.Refuses(["tokenize", "--model", words.Model], "--input: expected a JSON Lines file, found none; ");
        await CommandLine.Refuses(["tokenize", "--model", words.Model, "--text", "a", "--decode"], "--text: ");
        await CommandLine.Refuses(["tokenize", "--model", words.Model, "--text", "a", "--input", "x.jsonl"], "--text: ");
    }
}
