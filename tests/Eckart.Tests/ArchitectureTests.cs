using System.Text.RegularExpressions;
using Eckart.Tests.Support;

namespace Eckart.Tests;

/// <summary>The house's rules, read from its source.</summary>
public sealed partial class ArchitectureTests
{
    private const int LongestFile = 400;

    // Data flows down this list; a folder knows those above it.
    private static readonly string[] Folders = ["Models", "Pruning", "Tasks", "Engine", "Statistics", "Experiments", "Search", "Theory", "Training", "Export", "Reporting"];
    private static readonly string[] Numeric = ["Models", "Pruning", "Engine", "Theory", "Training", "Export"];
    private static readonly string Source = Path.Combine(Repository.Root, "src");

    [Fact]
    public void Every_folder_of_the_library_has_its_place_in_the_datas_way()
    {
        var found = Directory.GetDirectories(Path.Combine(Source, "Eckart")).Where(folder => Files(folder).Any()).Select(Path.GetFileName);

        Assert.Empty(found.Except(Folders));
    }

    [Fact]
    public void A_folder_uses_only_those_above_it()
    {
        var wrong =
            from file in Files(Path.Combine(Source, "Eckart"))
            from Match match in FolderName().Matches(File.ReadAllText(file))
            let used = match.Groups["folder"].Value
            where used != "Formats" && Array.IndexOf(Folders, used) is var place && (place < 0 || place > Array.IndexOf(Folders, FolderOf(file)))
            select $"{Relative(file)} uses {used}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Tensors_stay_where_numbers_are_made()
    {
        var wrong = Files(Path.Combine(Source, "Eckart")).Where(file => !Numeric.Contains(FolderOf(file)))
            .Concat(Files(Path.Combine(Source, "Eckart.Formats")))
            .Where(file => Tensors().IsMatch(File.ReadAllText(file)));

        Assert.Empty(wrong.Select(Relative));
    }

    [Fact]
    public void Nothing_is_drawn_from_the_global_generator()
    {
        var wrong = Files(Source).SelectMany(file => File.ReadLines(file).Where(line => Draws().IsMatch(line) && !line.Contains("generator", StringComparison.Ordinal)).Select(line => $"{Relative(file)}: {line.Trim()}"));

        Assert.Empty(wrong);
    }

    [Fact]
    public void Formats_reference_neither_the_library_nor_tensors()
    {
        var project = File.ReadAllText(Path.Combine(Source, "Eckart.Formats", "Eckart.Formats.csproj"));

        Assert.DoesNotContain("Include=\"TorchSharp\"", project, StringComparison.Ordinal);
        Assert.DoesNotContain("ProjectReference", project, StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_is_longer_than_a_reader_can_bear()
    {
        var files = Files(Source).ToArray();

        Assert.NotEmpty(files);
        Assert.Empty(files.Where(file => File.ReadLines(file).Count() > LongestFile).Select(Relative));
    }

    [Fact]
    public void Nothing_has_a_name_that_says_nothing()
    {
        var wrong = Files(Source).Where(file => Relative(file).Split('/').Any(part => Meaningless().IsMatch(Path.GetFileNameWithoutExtension(part))))
            .Concat(Files(Source).Where(file => MeaninglessType().IsMatch(File.ReadAllText(file))));

        Assert.Empty(wrong.Select(Relative));
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories);

    private static string Relative(string file) => Path.GetRelativePath(Source, file).Replace('\\', '/');

    private static string FolderOf(string file) => Relative(file).Split('/')[1];

    // Names in full, such as Eckart.Formats.InputException in documentation, count as uses.
    [GeneratedRegex(@"\bEckart\.(?<folder>[A-Z][A-Za-z0-9]*)")]
    private static partial Regex FolderName();

    [GeneratedRegex(@"\bTorchSharp\b|\btorch\.")]
    private static partial Regex Tensors();

    [GeneratedRegex("^Utils?$|(Utils|Helpers?|Manager|Wrapper|Base)$")]
    private static partial Regex Meaningless();

    [GeneratedRegex(@"\b(randn|rand|randint|randperm|normal_|uniform_|multinomial|bernoulli)\(")]
    private static partial Regex Draws();

    [GeneratedRegex(@"\b(class|struct|record|interface|enum) \w*(Utils|Helpers?|Manager|Wrapper|Base)\b")]
    private static partial Regex MeaninglessType();
}
