using Eckart.Formats.Tables;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Tasks;

public sealed class PromptTemplateTests
{
    [Theory]
    [InlineData("text: {a}.", "text:  Big Cat. .")]
    [InlineData("{a|strip}|", "Big Cat.|")]
    [InlineData("{a|strip_end}|", " Big Cat.|")]
    [InlineData("{a|strip|drop_full_stop}", "Big Cat")]
    [InlineData("{a|strip|lower_first}", "big Cat.")]
    [InlineData("{ a | strip | lower_first }", "big Cat.")]
    [InlineData("{b|cause=because,effect=so} it", "because it")]
    [InlineData("{b|cause=}", "")]
    [InlineData("{{a}} {{{b}}}", "{a} {cause}")]
    [InlineData("{two words}", "x")]
    [InlineData("{{", "{")]
    [InlineData("", "")]
    public void Fields_are_filled_in(string template, string text) => Assert.Equal(text, PromptTemplate.Parse(template).Render(Row()));

    [Fact]
    public void Strip_takes_what_pythons_strip_takes()
    {
        var row = new Row(0, "a.csv:2", new Dictionary<string, Cell> { ["a"] = new(CellKind.Text, "\u00A0\x1c\t\u2028x\u200B\x1f\u3000\r\n") });

        Assert.Equal("x\u200B", PromptTemplate.Parse("{a|strip}").Render(row));
    }

    [Fact]
    public void A_choice_stands_where_it_is_named_and_is_no_template_itself()
    {
        var template = PromptTemplate.Parse("{b}:{choice}\n");

        Assert.Equal("cause: {a}\n", template.Render(Row(), " {a}"));
        Assert.Equal(["b", "choice"], template.Fields);
    }

    [Fact]
    public void Without_a_choice_its_name_is_a_field() => Refused.With(() => PromptTemplate.Parse("{choice}").Render(Row()), "a.csv:2", "expected a field 'choice'");

    [Fact]
    public void A_value_that_is_not_listed_is_refused_by_row_and_field() =>
        Refused.With(() => PromptTemplate.Parse("{a|cause=because,effect=so}").Render(Row()), "a.csv:2", "expected field 'a' to be cause or effect, found ' Big Cat. '");

    [Fact]
    public void An_unknown_field_is_refused_by_row_and_field() =>
        Refused.With(() => PromptTemplate.Parse("{sentence}").Render(Row()), "a.csv:2", "expected a field 'sentence', found 'a', 'b', 'two words'");

    [Theory]
    [InlineData("a {b", "'{' at character 3")]
    [InlineData("a} b", "'}' at character 2")]
    [InlineData("{}", "names no field")]
    [InlineData("{|strip}", "names no field")]
    [InlineData("{a|strp}", "'strp' is no filter (did you mean 'strip'?)")]
    [InlineData("{a|shout}", "use one of 'drop_full_stop', 'lower_first', 'strip', 'strip_end'")]
    [InlineData("{a|x=1,y}", "from=to")]
    [InlineData("{a|x=1,x=2}", "twice")]
    public void A_malformed_template_is_refused_by_its_place(string template, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => PromptTemplate.Parse(template)).Message, StringComparison.Ordinal);

    private static Row Row() => new(0, "a.csv:2", new Dictionary<string, Cell>
    {
        ["a"] = new(CellKind.Text, " Big Cat. "),
        ["b"] = new(CellKind.Text, "cause"),
        ["two words"] = new(CellKind.Text, "x"),
    });
}
