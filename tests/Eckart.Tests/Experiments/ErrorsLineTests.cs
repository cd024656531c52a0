using System.Text;
using Eckart.Experiments;
using Eckart.Statistics;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments;

public sealed class ErrorsLineTests
{
    private const string Differences = "\"differences\":{\"name\":\"less\",\"means\":[-0.1,0.2]";
    private const string Beyond = "\"beyond_control\":{\"name\":\"beyond\",\"means\":[-0.1,0.2]";

    [Theory]
    [InlineData(Differences, "\"differences\":{\"name\":\"less\",\"means\":[-0.1]", "expected 2 differences and intervals, found 1 and 2")]
    [InlineData(Differences, "\"differences\":{\"name\":\"less\",\"means\":[-0.1,1e999]", "expected finite differences, found others")]
    [InlineData(Beyond, "\"beyond_control\":{\"name\":\"beyond\",\"means\":[]", "expected 2 differences beyond control and intervals, found 0 and 2")]
    [InlineData("{\"low\":-0.25,\"high\":0.5}", "{\"low\":0.5,\"high\":-0.25}", "expected finite intervals of differences, the lower end first, found others")]
    [InlineData("{\"low\":0.125,\"high\":0.75}", "{\"low\":0.125,\"high\":1e999}", "expected finite intervals of errors, the lower end first, found others")]
    [InlineData("\"means\":[0.4,0.3]", "\"means\":[0.4,-0.3]", "expected errors from 0 up, found others")]
    public void A_line_that_contradicts_itself_is_named(string intact, string damaged, string problem)
    {
        using var folder = new TemporaryFolder();
        var key = new LearnerKey("aa11", "mlp@0:0.5", 5, 2, 8, 1, 0.05, 3, "f32", 1);
        var line = Encoding.UTF8.GetString(new ErrorsLine
        {
            Id = key.Id(), Learner = key,
            Errors = Errors("some", 0.4, 0.3, new Interval(0.125, 0.75)), Differences = Errors("less", -0.1, 0.2, new Interval(-0.25, 0.5)), BeyondControl = Errors("beyond", -0.1, 0.2, new Interval(-0.125, 0.5)),
        }.ToJson());
        folder.File("trials.jsonl", line + "\n");
        Assert.Single(Journal.Read(folder.Path).Lines);
        Assert.Contains(intact, line, StringComparison.Ordinal);

        folder.File("trials.jsonl", line.Replace(intact, damaged, StringComparison.Ordinal) + "\n");

        Refused.With(() => Journal.Read(folder.Path), "trials.jsonl:1", problem);
    }

    private static LearnerErrors Errors(string name, double first, double second, Interval interval) =>
        new(name, [first, second], [interval, interval], second, interval) { SimultaneousInterval = interval };
}
