using System.Globalization;
using System.Text;
using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments;

/// <summary>A journal brought into its order: whatever its lines were before, and whatever failed before.</summary>
public sealed class JournalSettleTests : IDisposable
{
    private static readonly Comparer<IJournalLine> ByLabel = Comparer<IJournalLine>.Create((one, other) => string.CompareOrdinal(one.Label, other.Label));
    private static readonly Trial[] Some = [.. Enumerable.Range(0, 5).Select(Made)];

    private readonly TemporaryFolder folder = new();

    private string Lines => Path.Combine(folder.Path, "trials.jsonl");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("\":", "\": ")]
    [InlineData("\n", "\r\n")]
    [InlineData("{\"id\"", " {\"id\"")]
    public void Lines_that_another_hand_has_spelt_otherwise_are_spelt_as_ever(string found, string instead)
    {
        File.WriteAllText(Lines, Encoding.UTF8.GetString(BytesOf([.. Some.Reverse()])).Replace(found, instead, StringComparison.Ordinal));

        using (var journal = Journal.Open(folder.Path)) journal.Settle(ByLabel);

        Assert.Equal(BytesOf(Some), File.ReadAllBytes(Lines));
    }

    // More than are read at once; half of them are another process's.
    [Fact]
    public void Thousands_come_into_their_order_again_and_again()
    {
        Trial[] all = [.. Enumerable.Range(0, 3000).Select(Made)];
        using (var first = Journal.Open(folder.Path))
            foreach (var trial in all.Where((_, i) => i % 2 == 1).Reverse()) first.Append(trial, TimeSpan.Zero);

        using var journal = Journal.Open(folder.Path);
        foreach (var part in all.Where((_, i) => i % 2 == 0).Chunk(600))
        {
            foreach (var trial in part.Reverse()) journal.Append(trial, TimeSpan.Zero);
            journal.Settle(ByLabel);

            Assert.Equal(BytesOf(journal.Trials), File.ReadAllBytes(Lines));
        }

        Assert.Equal(BytesOf(all), File.ReadAllBytes(Lines));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    public void A_line_that_is_not_in_the_file_any_more_is_written_out(int left)
    {
        using var journal = Journal.Open(folder.Path);
        foreach (var trial in Some.Reverse()) journal.Append(trial, TimeSpan.Zero);
        using (var other = new FileStream(Lines, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            if (left > 0) other.Write(new byte[left]);
            else other.SetLength(700);

        journal.Settle(ByLabel);

        Assert.Equal(BytesOf(Some), File.ReadAllBytes(Lines));
    }

    // The journal of before or of after, and either can be gone on with: by this process unless the file cannot be opened again.
    [Theory]
    [InlineData(nameof(Fault.Full))]
    [InlineData(nameof(Fault.Denied))]
    [InlineData(nameof(Fault.Short))]
    public void After_any_call_that_fails_it_can_be_settled(string kind)
    {
        var fault = Enum.Parse<Fault>(kind);
        var counting = new FaultyFiles();
        using var counted = Filled("counted", counting);
        var first = counting.Made.Count;
        counted.Settle(ByLabel);

        for (var call = first; call < counting.Made.Count; call++)
        {
            if (!FaultyFiles.Concerns(fault, counting.Made[call])) continue;
            var name = string.Create(CultureInfo.InvariantCulture, $"{fault}-{call}");
            using (var journal = Filled(name, new FaultyFiles(fault, call)))
            {
                Assert.IsType<InputException>(Record.Exception(() => journal.Settle(ByLabel)));
                if (Record.Exception(() => journal.Settle(ByLabel)) is not { } again) journal.Append(Made(7), TimeSpan.Zero);
                else Refused.With(() => journal.Append(Made(7), TimeSpan.Zero), Assert.IsType<InputException>(again).Message);
            }

            using var later = Journal.Open(Path.Combine(folder.Path, name));
            later.Append(Made(7), TimeSpan.Zero);
            later.Settle(ByLabel);
            Assert.Equal(BytesOf([.. Some, Made(7)]), File.ReadAllBytes(Path.Combine(folder.Path, name, "trials.jsonl")));
        }
    }

    // As disks of a network can: the new file is there, and the answer was lost.
    [Fact]
    public void A_rename_that_is_told_to_have_failed_may_have_been_done()
    {
        var lost = false;
        var files = FileCalls.Disk with { Move = (from, to) => { FileCalls.Disk.Move(from, to); if (!lost && to == Lines) { lost = true; throw new IOException("Connection timed out"); } } };
        using var journal = Journal.Open(folder.Path, files: files);
        foreach (var trial in Some.Reverse()) journal.Append(trial, TimeSpan.Zero);

        Refused.With(() => journal.Settle(ByLabel), "trials.jsonl", "Connection timed out");
        journal.Append(Made(7), TimeSpan.Zero);
        journal.Settle(Comparer<IJournalLine>.Create((one, other) => ByLabel.Compare(other, one)));

        Assert.Equal(BytesOf([Made(7), .. Some.Reverse()]), File.ReadAllBytes(Lines));
    }

    [Fact]
    public void Lines_that_could_not_be_put_in_are_not_taken_for_kept()
    {
        var full = true;
        var files = FileCalls.Disk with { Move = (from, to) => { if (full && to == Lines) throw new IOException("No space left on device"); FileCalls.Disk.Move(from, to); } };
        using var journal = Journal.Open(folder.Path, files: files);

        for (var attempt = 0; attempt < 2; attempt++) Refused.With(() => journal.Replace(Some), "trials.jsonl", "No space left");
        Assert.Equal(0, journal.Count);
        full = false;
        journal.Replace(Some);

        Assert.Equal(BytesOf(Some), File.ReadAllBytes(Lines));
    }

    private Journal Filled(string name, FaultyFiles files)
    {
        var journal = Journal.Open(Path.Combine(folder.Path, name), files: files.Calls);
        foreach (var trial in Some.Reverse()) journal.Append(trial, TimeSpan.Zero);
        return journal;
    }

    private static Trial Made(int number) => SomeTrial.Of(string.Create(CultureInfo.InvariantCulture, $"mlp@{number + 1000}:0.5"));

    private static byte[] BytesOf(IEnumerable<Trial> trials) => [.. trials.SelectMany(trial => trial.ToJson().Append((byte)'\n'))];
}
