using System.Text.RegularExpressions;
using Eckart.Tests.Support;
using Eckart.Theory.Checks;

namespace Eckart.Tests.Theory;

/// <summary>docs/theory.md says where each formula stands: what it names is there, and what is there it names.</summary>
public sealed partial class TheoryDocumentTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "theory.md"));

    private static readonly HashSet<string> Sources = [.. new[] { "src", "tests" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)).Select(file => Path.GetFileName(file))];

    [Fact]
    public void Every_statement_is_in_the_document() => Assert.All(Statements.All, check => Assert.Contains($"`{check.Name}`", Text, StringComparison.Ordinal));

    [Fact]
    public void Every_file_that_it_names_is_there() =>
        Assert.All(FileName().Matches(Text).Select(match => match.Groups[1].Value).Distinct(), name => Assert.Contains($"{name}.cs", Sources));

    [Fact]
    public void Every_formulas_file_is_named_in_it() =>
        Assert.All(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Eckart", "Theory"), "*.cs"), file => Assert.Contains($"`{Path.GetFileNameWithoutExtension(file)}`", Text, StringComparison.Ordinal));

    // Types and tests, as `Trajectory` or `TheoryGoldenTests`.
    [GeneratedRegex("`([A-Z][a-z]+[A-Za-z]*)`")]
    private static partial Regex FileName();
}
