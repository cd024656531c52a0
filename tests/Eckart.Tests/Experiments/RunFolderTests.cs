using System.Text.Json;
using Eckart.Experiments;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments;

public sealed class RunFolderTests : IDisposable
{
    private static readonly TimeProvider Clock = new StoppedClock(new DateTimeOffset(2026, 3, 14, 17, 9, 26, TimeSpan.FromHours(2)));

    private readonly TemporaryFolder root = new();

    public void Dispose() => root.Dispose();

    [Fact]
    public void A_folder_is_named_after_the_moment_and_the_work()
    {
        Assert.Equal(Path.Combine(root.Path, "runs", "20260314T150926Z-cb-search"), RunFolder.Create(Path.Combine(root.Path, "runs"), "cb", "search", Clock).Path);
    }

    [Fact]
    public void Two_of_one_second_have_folders_of_their_own()
    {
        RunFolder.Create(root.Path, "cb", "search", Clock);

        Assert.EndsWith("-search-2", RunFolder.Create(root.Path, "cb", "search", Clock).Path, StringComparison.Ordinal);
        Assert.EndsWith("-search-3", RunFolder.Create(root.Path, "cb", "search", Clock).Path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tasks_name_cannot_leave_the_folder()
    {
        Assert.Equal(Path.Combine(root.Path, "20260314T150926Z----x-y-run"), RunFolder.Create(root.Path, "../x y", "run", Clock).Path);
    }

    [Fact]
    public void A_path_that_is_a_file_is_refused()
    {
        Refused.With(() => RunFolder.Open(root.File("taken", "")), "taken", "--out");
    }

    [Fact]
    public void Its_environment_says_what_it_ran_on()
    {
        var folder = RunFolder.Open(root.Path);

        folder.WriteJson("environment.json", RunEnvironment.Of(Clock, new Dictionary<string, string> { ["model"] = "5f2a" }));

        using var facts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root.Path, "environment.json")));
        Assert.Equal("2026-03-14T15:09:26Z", facts.RootElement.GetProperty("started").GetString());
        Assert.StartsWith("0.1.0", facts.RootElement.GetProperty("eckart").GetString(), StringComparison.Ordinal);
        Assert.Equal("10", facts.RootElement.GetProperty("dotnet").GetString()!.Split('.')[0]);
        Assert.Equal(Environment.ProcessorCount, facts.RootElement.GetProperty("processors").GetInt32());
        Assert.True(facts.RootElement.GetProperty("memory_bytes").GetInt64() > 0);
        Assert.Equal("5f2a", facts.RootElement.GetProperty("digests").GetProperty("model").GetString());
    }

    [Fact]
    public void Its_journal_is_the_one_in_it()
    {
        using (var journal = RunFolder.Open(root.Path).OpenJournal()) journal.Append(SomeTrial.Of(), TimeSpan.Zero);

        Assert.Single(Journal.Read(root.Path).Trials);
    }

    [Fact]
    public void Processes_of_one_second_that_find_the_same_name_free_have_folders_of_their_own()
    {
        var paths = new string[16];

        Parallel.For(0, paths.Length, i => paths[i] = RunFolder.Create(Path.Combine(root.Path, "runs"), "cb", "search", Clock).Path);

        Assert.Equal(paths.Length, paths.Distinct().Count());
    }

    [Fact]
    public void One_that_another_process_has_begun_to_write_is_not_removed()
    {
        // Both find nothing there; the other opens the journal first.
        var path = Path.Combine(root.Path, "run");
        var (refused, other) = (RunFolder.Open(path), RunFolder.Open(path));
        using (var journal = other.OpenJournal())
        {
            Refused.With(() => refused.OpenJournal(), "only writer");
            refused.RemoveIfUnused();
            journal.Append(SomeTrial.Of(), TimeSpan.Zero);
        }

        refused.RemoveIfUnused();

        Assert.Single(Journal.Read(path).Trials);
    }

    [Fact]
    public void What_is_left_half_written_is_removed_unless_somebody_writes_it()
    {
        root.File("search.json.abcdefgh.ijk.tmp", "{");
        root.File("rates.png.12345678.9ab.tmp", "");
        root.File("notes.tmp", "mine");
        var folder = RunFolder.Open(root.Path);

        using (new FileStream(Path.Combine(root.Path, "rates.png.12345678.9ab.tmp"), FileMode.Open, FileAccess.Write))
        using (folder.OpenJournal())
        {
        }

        Assert.Equal(["notes.tmp", "rates.png.12345678.9ab.tmp"], Directory.GetFiles(root.Path, "*.tmp").Select(Path.GetFileName).Order());
    }
}
