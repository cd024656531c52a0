using Eckart.Reporting;

namespace Eckart.Tests.Reporting;

public sealed class PaperChapterTests
{
    [Fact]
    public void What_a_plan_sets_otherwise_is_said_to_differ()
    {
        using var run = new SomeRun("name: s\nsearch: true\nmodules: [mlp]\nlayers: [26]\nrates: [0.5]\nvalidation: 10\ntest: all\nshots: [8]\nseeds: [1]\n");
        run.Named("gpt-j-6b", "aa11");
        foreach (var split in new[] { "validation", "test" })
        {
            run.Add("none", "0000000000", "0101010101", split, "sst2", protocol: "authors");
            run.Add("mlp@26:0.5", "0101010101", "0101010101", split, "sst2", protocol: "authors");
        }

        Assert.Contains("| exact decomposition; at most 10 validation and all test items; 8 demonstrations; seed 1 |", RunReport.Of(run.Written().Folder).Markdown(), StringComparison.Ordinal);
    }

    // The figures are typed from the paper: Table 2 and Figure 1.
    [Fact]
    public void Tables_of_the_paper_stand_beside_a_search_of_the_same_model_and_task()
    {
        using var run = new SomeRun("name: s\nsearch: true\nmodules: [mlp]\nlayers: [26]\nrates: [0.5]\n");
        run.Named("gpt-j-6b", "aa11");
        foreach (var split in new[] { "validation", "test" })
        {
            run.Add("none", "0000000000", "0101010101", split, "sst2");
            run.Add("mlp@26:0.5", "0101010101", "0101010101", split, "sst2");
        }

        var markdown = RunReport.Of(run.Written().Folder).Markdown();

        Assert.Contains("| Table 2 | GPT-J-6B | SST-2 | mlp | 26 | 0.95 | 0.7527 | 0.8437 | 26 | 0.5 | 0.5000 | 1.0000 | 10 | prompts and items of the default protocol; exact decomposition |", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("| Table 3 |", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("LLAMA2-7B | SST-2", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Peaks_stand_beside_a_sweep_with_as_many_demonstrations_in_the_papers_order()
    {
        using var run = new SomeRun("name: s\npaper: Figure 1\n");
        run.Named("Llama-2-7b-chat-hf", "aa11");
        foreach (var (task, shots) in new[] { ("rte", 10), ("sst2", 10), ("copa", 4) })
        {
            run.Add("none", "0000000000", "0101010101", "validation", task, shots);
            run.Add("mlp@31:0.5", "0100000000", "0101010101", "validation", task, shots);
        }

        var rows = RunReport.Of(run.Written().Folder).Markdown().Split('\n').Where(line => line.StartsWith("| Figure ", StringComparison.Ordinal)).ToArray();

        Assert.Equal(3, rows.Length);
        Assert.StartsWith("| Figure 1 | LLAMA2-7B | SST-2 | mlp | 31 |  |  | 0.9243 | 31 | 0.5 | 0.5000 | 0.6000 |", rows[0], StringComparison.Ordinal);
        Assert.StartsWith("| Figure 1 | LLAMA2-7B | RTE | mlp | 31 |  |  | 0.5639 |", rows[1], StringComparison.Ordinal);
        Assert.StartsWith("| Figure 2 | LLAMA2-7B | SST-2 |", rows[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Other_models_are_told_whose_numbers_the_paper_has()
    {
        using var run = new SomeRun("name: s\npaper: Figure 1\n");
        run.Add("none", "01", "01", "validation", "sst2", 10);

        Assert.Contains("Figure 1 of the paper: its models are GPT-J-6B and LLaMA-2-7B.", RunReport.Of(run.Written().Folder).Markdown(), StringComparison.Ordinal);
    }
}
