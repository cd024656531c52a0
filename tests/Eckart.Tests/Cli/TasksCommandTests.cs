using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class TasksCommandTests
{
    [Fact]
    public async Task All_tasks_are_listed_without_a_model()
    {
        var (exit, output, error) = await CommandLine.Run("tasks");
        var document = await CommandLine.Json("tasks");

        Assert.Equal((0, ""), (exit, error));
        string[] names = [.. document.EnumerateArray().Select(task => task.GetProperty("name").GetString()!)];
        Assert.Equal(["ag_news", "cb", "copa", "emoc", "mrpc", "rte", "sst2"], names[..7]);
        Assert.Equal(TaskLibrary.Microworld, names[7..]);
        Assert.Equal([.. names[..7], "", "of", .. names[7..], ""], output.Split('\n').Select(line => line.Split(' ')[0]));
        Assert.All(document.EnumerateArray(), task => Assert.Equal("name version title choices protocols embedded", task.Names()));
        Assert.Equal(names[7..], document.EnumerateArray().Where(task => task.GetProperty("embedded").GetBoolean()).Select(task => task.GetProperty("name").GetString()!));
    }

    [Fact]
    public async Task Show_explains_a_task_and_its_tokens_where_there_is_a_model()
    {
        using var words = new Words();

        var (exit, output, _) = await CommandLine.Run("tasks", "show", words.Task);
        var (_, withTokens, _) = await CommandLine.Run("tasks", "show", words.Task, "--model", words.Model);

        Assert.Equal(0, exit);
        Assert.Contains("0: ' a' (label word), 1: ' b' (label number)", output, StringComparison.Ordinal);
        Assert.Contains("drawn      validation 6 of 6, test 12 of 12", output, StringComparison.Ordinal);
        Assert.StartsWith(output, withTokens, StringComparison.Ordinal);
        Assert.Contains("2 its own: … Ċ h a t Ġ = | Ġ a\n", withTokens, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("validation", 6)]
    [InlineData("test", 12)]
    [InlineData("demonstrations", 2)]
    public async Task Render_writes_a_line_an_item(string split, int items)
    {
        using var words = new Words();

        var (exit, output, error) = await CommandLine.Run("tasks", "render", words.Task, "--split", split);

        Assert.Equal((0, ""), (exit, error));
        var lines = Shape.Lines(output);
        Assert.Equal(items, lines.Count);
        var rows = Words.Rows.Split('\n')[1..];
        Assert.All(lines, line =>
        {
            Assert.Equal("row gold prompts choices", line.Names());
            Assert.Equal([" a", " b"], line.GetProperty("choices").Texts());
            var row = rows[line.GetProperty("row").GetInt32()].Split(',');
            Assert.Equal(row[1] == "word" ? 0 : 1, line.GetProperty("gold").GetInt32());
            Assert.Contains($"{row[0]} =", line.GetProperty("prompts")[0].GetString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Render_takes_as_many_items_as_asked_for()
    {
        using var words = new Words();

        var (_, some, _) = await CommandLine.Run("tasks", "render", words.Task, "--test", "3");
        var (_, all, _) = await CommandLine.Run("tasks", "render", words.Task, "--test", "all", "--shots", "0");

        Assert.Equal(3, Shape.Lines(some).Count);
        Assert.Equal(12, Shape.Lines(all).Count);
        Assert.Equal(Shape.Lines(all).Where((_, i) => i % 4 == 0).Select(Row), Shape.Lines(some).Select(Row));
        Assert.DoesNotContain("\\n", all, StringComparison.Ordinal);

        static int Row(System.Text.Json.JsonElement line) => line.GetProperty("row").GetInt32();
    }

    [Fact]
    public async Task What_cannot_be_rendered_is_refused()
    {
        using var words = new Words();

        await CommandLine.Refuses(["tasks", "show", "sst"], "task 'sst': ", "did you mean 'sst2'?");
        await CommandLine.Refuses(["tasks", "render", words.Task, "--split", "train"], "--split: expected validation, test or demonstrations, found 'train'");
        await CommandLine.Refuses(["tasks", "render", words.Task, "--protocol", "authors"], "authors");
        await CommandLine.Refuses(["tasks", "render", words["none.yaml"]], "none.yaml: expected a task's file, found none");
        await CommandLine.Refuses(["tasks", "render", words.File("odd.yaml", Words.Yaml.Replace("strip", "strp", StringComparison.Ordinal))], "odd.yaml:8: expected 'query' to be a template", "strp");
        await CommandLine.Refuses(["tasks", "render", "cb", "--data", words["nowhere"]], "--data: expected a folder that holds a folder a task, found nothing at ", words["nowhere"]);
        Directory.CreateDirectory(words["somewhere"]);
        await CommandLine.Refuses(["tasks", "render", "cb", "--data", words["somewhere"]], $"{words["somewhere"]}{Path.DirectorySeparatorChar}cb: expected one of train.jsonl, train.jsonl.gz, train.csv, train.tsv, train.parquet", "get aps/super_glue (cb) from the Hugging Face hub");
        words.File("words.csv", Words.Rows + "odd,neither\n");
        await CommandLine.Refuses(["tasks", "render", words.Task], "words.csv:22", "'neither'", "word or number");
        words.File("words.csv", Words.Rows + "odd,word,more\n");
        await CommandLine.Refuses(["tasks", "render", words.Task], "words.csv:22");
    }
}
