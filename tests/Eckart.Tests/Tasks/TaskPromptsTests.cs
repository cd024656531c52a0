using System.Globalization;
using System.Text;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Tasks;

/// <summary>What a model is asked, in words that can be read: first prompts on rows of our own making, and which of the published rows are drawn.</summary>
public sealed class TaskPromptsTests
{
    [Theory]
    [MemberData(nameof(TaskLibraryTests.Papers), MemberType = typeof(TaskLibraryTests))]
    public void First_prompt_of_each_protocol(string task)
    {
        using var folder = new TemporaryFolder();
        MadeUpRows.Write(folder, task);
        var text = new StringBuilder();

        foreach (var variant in TaskLibrary.Load(task).Variants.Values)
        {
            Append(text, $"{variant}", Sampler.Draw(variant, folder.Path, new SampleSize(Validation: 1, Test: 1)));
            Append(text, $"{variant}, 0 shots", Sampler.Draw(variant, folder.Path, new SampleSize(Shots: 0, Validation: 1, Test: 1)));
        }

        Golden.Match(text.ToString(), task);
    }

    [Fact]
    public void Rows_drawn_from_the_published_tables()
    {
        var data = Shared.Find("data");
        var text = new StringBuilder();

        foreach (var variant in TaskLibraryTests.Papers.Where(row => row.Data != "emoc").SelectMany(row => TaskLibrary.Load(row.Data).Variants.Values))
        {
            var sample = Sampler.Draw(variant, data, new SampleSize(Test: 2_000));   // all 59,339 of SST-2 are held by AuthorsPromptsTests
            text.Append(CultureInfo.InvariantCulture, $"{variant}: seed {sample.Seed}, {variant.Scoring}, demonstrations {string.Join(' ', sample.Demonstrations.Items.Select(item => $"{item.Row}/{item.Gold}"))} of {sample.Demonstrations.Available}\n");
            Append(text, "validation", sample.Validation);
            Append(text, "test", sample.Test);
            foreach (var note in sample.Notes) text.Append(CultureInfo.InvariantCulture, $"  {note}\n");
        }

        Golden.Match(text.ToString());
    }

    private static void Append(StringBuilder text, string title, Sample sample)
    {
        var item = sample.Validation.Items[0];
        text.Append(CultureInfo.InvariantCulture, $"=== {title}: row {item.Row}, gold {item.Gold}, choices {string.Join('|', item.Choices)}|\n");
        foreach (var prompt in item.Prompts) text.Append(CultureInfo.InvariantCulture, $"{prompt.Replace(" \n", "·\n", StringComparison.Ordinal)}<end>\n");
    }

    private static void Append(StringBuilder text, string split, ItemSet set)
    {
        int[] rows = [.. set.Items.Select(item => item.Row)];
        text.Append(CultureInfo.InvariantCulture, $"  {split}: {rows.Length} of {set.Available}, rows {string.Join(' ', rows[..8])} … {string.Join(' ', rows[^4..])}, {set.Digest()[..16]}\n");
    }
}
