using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class InspectCommandTests
{
    [Fact]
    public async Task Json_lists_every_matrix_and_the_choice()
    {
        using var words = new Words();

        var document = await CommandLine.Json("inspect", "--model", words.Model, "--quiet", "--module", "attention", "--top-k", "1");

        Assert.Equal("model layers matrices choice", document.Names());
        Assert.Equal(3, document.GetProperty("layers").GetInt32());
        var matrices = document.GetProperty("matrices").EnumerateArray().ToList();
        Assert.Equal(21, matrices.Count);
        Assert.All(matrices, matrix => Assert.StartsWith("layer site shape largest smallest condition stable_rank effective_rank", matrix.Names(), StringComparison.Ordinal));
        Assert.Equal(["Query", "Key", "Value", "Output", "Gate", "Up", "Down"], matrices.Take(7).Select(matrix => matrix.GetProperty("site").GetString()));
        Assert.Equal([8, 16], matrices[1].GetProperty("shape").Integers());

        var choice = document.GetProperty("choice");
        Assert.Equal("module indicator aggregate by_layer top layer", choice.Names());
        Assert.Equal("attention", choice.GetProperty("module").GetString());
        var byLayer = choice.GetProperty("by_layer").Numbers();
        Assert.Equal([.. Enumerable.Range(0, 3).Select(layer => matrices.Where(matrix => matrix.GetProperty("layer").GetInt32() == layer).Take(4).Max(matrix => matrix.GetProperty("condition").GetDouble()))], byLayer);
        Assert.Equal(Array.IndexOf(byLayer, byLayer.Max()), choice.GetProperty("layer").GetInt32());
    }

    [Fact]
    public async Task A_matrix_without_full_rank_has_no_finite_condition_number()
    {
        using var words = new Words();
        var singular = words.ModelWith("singular", weights => weights["model.layers.1.mlp.up_proj.weight"].Values.AsSpan().Clear());

        var document = await CommandLine.Json("inspect", "--model", singular, "--quiet");

        Assert.Equal(System.Text.Json.JsonValueKind.Null, document.GetProperty("matrices")[12].GetProperty("condition").ValueKind);
        Assert.Equal(1, document.GetProperty("choice").GetProperty("layer").GetInt32());
    }

    [Theory]
    [InlineData("png", "\u2030PNG")]
    [InlineData("svg", "<svg")]
    public async Task A_table_and_a_figure(string extension, string sign)
    {
        using var words = new Words();
        var figure = words[$"figure.{extension}"];

        var (exit, output, error) = await CommandLine.Run("inspect", "--model", words.Model, "--quiet", "--figure", figure);

        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("Algorithm 1 on mlp: the layers with the largest condition are ", output, StringComparison.Ordinal);
        Assert.Contains(sign == "<svg" ? sign : "PNG", await File.ReadAllTextAsync(figure, System.Text.Encoding.Latin1, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--module", "mpl", "--module: expected one of ")]
    [InlineData("--top-k", "0", "--top-k: expected a number above 0, found '0'")]
    [InlineData("--aggregate", "sum", "--aggregate: expected one of max, mean, median, geometric, found 'sum'")]
    [InlineData("--indicator", "size", "--indicator: expected one of condition, largest, stable-rank, effective-rank, found 'size'")]
    [InlineData("--threads", "0", "--threads: expected a number above 0, found '0'")]
    [InlineData("--figure", "x.pdf", "--figure: expected a file name ending in .png or .svg, found 'x.pdf'")]
    [InlineData("--figure", "", "--figure: expected a path, found ''")]
    [InlineData("--figure", "no/such/folder/x.svg", "no/such/folder/x.svg: expected a folder ")]
    public async Task A_bad_value_is_refused(string option, string value, string problem)
    {
        using var words = new Words();

        await CommandLine.Refuses(["inspect", "--model", words.Model, option, value, "--quiet"], $"eckart: {problem}", "; ");
    }
}
