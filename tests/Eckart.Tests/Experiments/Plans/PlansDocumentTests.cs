using System.Text.RegularExpressions;
using Eckart.Experiments.Plans;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments.Plans;

public sealed partial class PlansDocumentTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "plans.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Every_plan_in_it_is_one()
    {
        var plans = Blocks().Select(block => PlanFile.Parse(block, "docs/plans.md")).ToArray();

        Assert.Equal(["layers-and-rates", "search-everywhere", "single-edits", "condition-numbers", "linear-functions"], plans.Select(plan => plan.Name));
    }

    [Fact]
    public void Every_key_is_explained_and_shown()
    {
        var table = Text[..Text.IndexOf("\n\nWhere several", StringComparison.Ordinal)];
        var explained = Rows().Matches(table).SelectMany(row => Names().Matches(row.Groups[1].Value)).Select(name => name.Groups[1].Value);
        var shown = Blocks().SelectMany(block => Keys().Matches(block)).Select(key => key.Groups[1].Value).Distinct();

        Assert.Equal(PlanFile.Keys.Order(), explained.Order());
        Assert.Equal(PlanFile.Keys.Order(), shown.Order());
    }

    private static IEnumerable<string> Blocks() => Block().Matches(Text).Select(block => block.Groups[1].Value);

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\| (`[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Names();

    [GeneratedRegex("^([a-z-]+):", RegexOptions.Multiline)]
    private static partial Regex Keys();
}
