using System.Text;
using Eckart.Experiments;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Lines => Path.Combine(folder.Path, "trials.jsonl");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_was_appended_is_there_when_it_is_opened_again()
    {
        var (first, second) = (SomeTrial.Of("none"), SomeTrial.Of());

        Write(first, second);

        using var journal = Journal.Open(folder.Path);
        Assert.Equal(0, journal.Dropped);
        Assert.Equal([first.ToJson(), second.ToJson()], journal.Trials.Select(trial => trial.ToJson()));
        Assert.Equal(second.ToJson(), journal.Find(second.Id)!.ToJson());
        Assert.Null(journal.Find("0123456789abcdef"));
    }

    [Fact]
    public void Interrupted_at_any_byte_of_the_last_line_it_opens_without_that_line()
    {
        var (whole, lastLine) = TwoLines();

        for (var length = lastLine; length < whole.Length; length++)
        {
            File.WriteAllBytes(Lines, whole[..length]);

            using var journal = Journal.Open(folder.Path);

            Assert.Equal(length - lastLine, journal.Dropped);
            Assert.Equal(lastLine, new FileInfo(Lines).Length);
            Assert.Equal("none", Assert.Single(journal.Trials).Intervention);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200)]
    [InlineData(-1)]
    public void Interrupted_it_resumes_to_the_same_bytes(int written)
    {
        var (whole, lastLine) = TwoLines();
        File.WriteAllBytes(Lines, whole[..(written < 0 ? whole.Length + written : lastLine + written)]);

        Write(SomeTrial.Of());

        Assert.Equal(whole, File.ReadAllBytes(Lines));
    }

    [Fact]
    public void Interrupted_in_the_first_line_it_starts_anew()
    {
        File.WriteAllBytes(Lines, SomeTrial.Of().ToJson());

        using var journal = Journal.Open(folder.Path);

        Assert.Empty(journal.Trials);
        Assert.Equal(0, new FileInfo(Lines).Length);
    }

    [Fact]
    public void A_torn_line_that_an_editor_has_ended_is_torn_all_the_same()
    {
        Write(SomeTrial.Of("none"));
        File.AppendAllText(Lines, "{\"id\":\"12\n");

        using var journal = Journal.Open(folder.Path);

        Assert.Equal(10, journal.Dropped);
        Assert.Single(journal.Trials);
    }

    [Fact]
    public void Timings_are_kept_apart_and_mended_likewise()
    {
        var timings = Path.Combine(folder.Path, "timings.jsonl");
        File.WriteAllText(timings, "{\"id\":\"aa\",\"seconds\":1}\n{\"id\":\"bb");

        Write(SomeTrial.Of());

        Assert.Equal($$"""
            {"id":"aa","seconds":1}
            {"id":"{{SomeTrial.Of().Id}}","seconds":1.5}

            """, File.ReadAllText(timings));
        Assert.DoesNotContain("seconds", File.ReadAllText(Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json", "a line that is not JSON")]
    [InlineData("", "a line that is not JSON")]
    [InlineData("null", "expected a trial")]
    [InlineData("[1]", "expected a trial")]
    [InlineData("{\"text\":\"another file's line\"}", "expected a trial")]
    public void A_foreign_line_in_the_middle_is_refused(string line, string found)
    {
        Write(SomeTrial.Of("none"));
        File.AppendAllText(Lines, line + "\n");
        File.AppendAllBytes(Lines, [.. SomeTrial.Of().ToJson(), (byte)'\n']);

        Refused.With(() => Journal.Open(folder.Path), "trials.jsonl:2:", found);
    }

    [Theory]
    [InlineData("\"n\":3", "\"n\":4", "expected 4 scores")]
    [InlineData("\"correct\":2", "\"correct\":3", "expected 2 of 3 correct")]
    [InlineData("\"accuracy\":0.6666666666666666", "\"accuracy\":0.7", "expected 2 of 3 correct")]
    [InlineData("-2.5", "2.5", "expected 1 of 3 correct")]
    [InlineData("-2.5", "-1e999", "too large")]
    [InlineData("-2.5", "null", "another value at $.scores[0]")]
    [InlineData("\"gold\":[0", "\"gold\":[3", "gold choice of query 0")]
    [InlineData("\"gold\":[0", "\"gold\":[-1", "gold choice of query 0")]
    [InlineData("\"scores\":[[", "\"scores\":[null,[", "expected 3 scores")]
    [InlineData("\"seed\":66", "\"seed\":67", "of its key")]
    [InlineData("\"split\":\"test\",\"n\"", "\"split\":\"validation\",\"n\"", "expected split 'test'")]
    [InlineData("\"mcc\"", "\"mcd\"", "one without 'mcc'")]
    [InlineData("\"mcc\"", "\"n\":3,\"mcc\"", "another value at $")]
    [InlineData("\"ranks\":{", "\"ranks\":null,\"x\":{", "another value at $")]
    [InlineData("\"task\":\"cb\"", "\"task\":\"\\ud800\"", "another value at $")]
    public void A_damaged_line_is_refused_and_named_wherever_it_is(string intact, string damaged, string found)
    {
        var line = Encoding.UTF8.GetString(SomeTrial.Of().ToJson());
        Assert.Contains(intact, line, StringComparison.Ordinal);
        var index = line.IndexOf(intact, StringComparison.Ordinal);
        File.WriteAllText(Lines, line[..index] + damaged + line[(index + intact.Length)..] + "\n");

        Refused.With(() => Journal.Open(folder.Path), "trials.jsonl:1:", found);
    }

    [Theory]
    [InlineData("mlp@one:0.5")]
    [InlineData("")]
    public void A_line_of_an_intervention_that_is_none_is_refused_though_its_id_is_right(string intervention)
    {
        File.WriteAllBytes(Lines, [.. SomeTrial.Of("none").ToJson(), (byte)'\n', .. SomeTrial.Of(intervention).ToJson(), (byte)'\n']);

        Refused.With(() => Journal.Open(folder.Path), "trials.jsonl:2:", $"expected an intervention such as mlp@26:0.95, found '{intervention}'", "take the line out");
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused()
    {
        var line = SomeTrial.Of().ToJson();
        line[line.AsSpan().IndexOf("cb"u8)] = 0xff;
        File.WriteAllBytes(Lines, [.. line, (byte)'\n']);

        Refused.With(() => Journal.Open(folder.Path), "trials.jsonl:1:");
    }

    [Fact]
    public void A_trial_twice_with_the_same_numbers_is_kept_once()
    {
        byte[] line = [.. SomeTrial.Of().ToJson(), (byte)'\n'];
        File.WriteAllBytes(Lines, [.. line, .. line]);

        using var journal = Journal.Open(folder.Path);
        journal.Append(SomeTrial.Of(), TimeSpan.Zero);

        Assert.Single(journal.Trials);
        Assert.Equal(2 * line.Length, new FileInfo(Lines).Length);
    }

    [Fact]
    public void A_trial_twice_with_other_numbers_is_refused()
    {
        byte[] line = [.. SomeTrial.Of().ToJson(), (byte)'\n'];
        File.WriteAllBytes(Lines, [.. line, .. SomeTrial.Of(score: -0.11).ToJson(), (byte)'\n']);

        Refused.With(() => Journal.Open(folder.Path), "trials.jsonl:2:", SomeTrial.Of().Id, "trials.jsonl:1", "other numbers");
    }

    [Fact]
    public void Appending_other_numbers_is_refused_and_writes_nothing()
    {
        Write(SomeTrial.Of());
        var before = File.ReadAllBytes(Lines);

        using (var journal = Journal.Open(folder.Path))
            Refused.With(() => journal.Append(SomeTrial.Of(score: -0.11), TimeSpan.Zero), "other numbers");

        Assert.Equal(before, File.ReadAllBytes(Lines));
    }

    [Fact]
    public void A_second_writer_is_kept_out_until_the_first_is_done()
    {
        using (Journal.Open(folder.Path))
            Refused.With(() => Journal.Open(folder.Path), "trials.jsonl", "expected to be the only writer", $"process {Environment.ProcessId} on {Environment.MachineName} writing it since 2", "--out");

        using var next = Journal.Open(folder.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"process\":")]
    [InlineData("{\"process\":7,\"machine\":\"a\\nb\",\"since\":\"\"}")]
    public void A_holder_that_cannot_be_read_is_another_process(string holder)
    {
        using (Journal.Open(folder.Path))
        {
            File.WriteAllText(Lines + ".holder", holder);
            Refused.With(() => Journal.Open(folder.Path), "trials.jsonl", "found another process writing it", "--out");
        }
    }

    [Fact]
    public void A_dead_holders_lock_is_taken_over_and_given_back()
    {
        File.WriteAllText(Lines + ".lock", "");
        File.WriteAllBytes(Lines + ".holder", new LockHolder(7, "elsewhere", "2026-03-14T15:09:26Z").ToJson());

        using (Journal.Open(folder.Path, clock: new StoppedClock(new DateTimeOffset(2026, 3, 15, 0, 0, 0, TimeSpan.Zero))))
            Assert.Equal(new LockHolder(Environment.ProcessId, Environment.MachineName, "2026-03-15T00:00:00Z"), LockHolder.Read(Lines + ".holder"));

        Assert.False(File.Exists(Lines + ".holder"));
    }

    [Theory]
    [InlineData(-3600, "0")]
    [InlineData(-0.0004, "0")]
    [InlineData(0.0005, "0.001")]
    [InlineData(3600, "3600")]
    public void A_clock_that_was_set_back_gives_no_negative_seconds(double seconds, string written)
    {
        using (var journal = Journal.Open(folder.Path)) journal.Append(SomeTrial.Of(), TimeSpan.FromSeconds(seconds));

        Assert.Equal($$"""{"id":"{{SomeTrial.Of().Id}}","seconds":{{written}}}""" + "\n", File.ReadAllText(Path.Combine(folder.Path, "timings.jsonl")));
    }

    [Fact]
    public void Of_many_lines_each_has_its_number_and_the_first_that_is_wrong_is_named()
    {
        // More than are read at once, some of them wrong.
        byte[][] lines = [.. Enumerable.Range(1, 2500).Select(i => i is 1200 or 1201 or 2100 ? "foreign"u8.ToArray() : SomeTrial.Of($"mlp@{i}:0.5").ToJson())];
        File.WriteAllBytes(Lines, [.. lines.SelectMany(line => line.Append((byte)'\n'))]);

        Refused.With(() => Journal.Open(folder.Path), "trials.jsonl:1200:", "not JSON");

        File.WriteAllBytes(Lines, [.. lines.Where(line => line.Length > 7).SelectMany(line => line.Append((byte)'\n'))]);
        Assert.Equal(Enumerable.Range(1, 2500).Except([1200, 1201, 2100]).Select(i => $"mlp@{i}:0.5"), Journal.Read(folder.Path).Trials.Select(trial => trial.Intervention));
    }

    [Fact]
    public void A_refused_journal_is_not_left_locked()
    {
        File.WriteAllText(Lines, "foreign\n" + "foreign\n");
        Refused.With(() => Journal.Open(folder.Path), "trials.jsonl:1:");

        File.Delete(Lines);

        using var journal = Journal.Open(folder.Path);
    }

    [Fact]
    public void A_folder_that_is_a_file_is_refused()
    {
        var file = folder.File("file", "");

        Refused.With(() => Journal.Open(file), "file", "--out");
    }

    [Fact]
    public void Readers_see_all_shards_while_one_is_written()
    {
        Write(SomeTrial.Of("none"));
        using var shard = Journal.Open(folder.Path, "trials-2-of-2.jsonl");
        shard.Append(SomeTrial.Of("none"), TimeSpan.Zero);
        shard.Append(SomeTrial.Of(), TimeSpan.FromSeconds(2));
        File.AppendAllText(Lines, "{\"id\"");

        var contents = Journal.Read(folder.Path);

        Assert.Equal(["mlp@26:0.95", "none"], contents.Trials.Select(trial => trial.Intervention).Order());
        Assert.Equal(5, contents.Dropped);
        Assert.True(File.Exists(Path.Combine(folder.Path, "timings-2-of-2.jsonl")));
    }

    [Fact]
    public void A_folder_without_journals_is_refused()
    {
        Refused.With(() => Journal.Read(folder.Path), folder.Path, "trials*.jsonl");
        Refused.With(() => Journal.Read(Path.Combine(folder.Path, "missing")), "missing");
    }

    [Fact]
    public void Lines_longer_than_the_buffer_are_read_whole()
    {
        var scores = Enumerable.Range(0, 4_000).Select(i => new[] { -1.0 / (i + 1), -2.0 }).ToArray();
        var gold = new int[scores.Length];
        var large = Trial.From(SomeTrial.Key("none"), new Dictionary<string, int>(), scores, gold, gold);

        Write(large, SomeTrial.Of());

        Assert.Equal([large.ToJson(), SomeTrial.Of().ToJson()], Journal.Read(folder.Path).Trials.Select(trial => trial.ToJson()));
    }

    [Fact]
    public void Several_threads_may_append()
    {
        using (var journal = Journal.Open(folder.Path))
            Parallel.For(0, 20, layer => journal.Append(SomeTrial.Of($"mlp@{layer}:0.5"), TimeSpan.Zero));

        Assert.Equal(20, Journal.Read(folder.Path).Trials.Count);
    }

    private static (byte[] Whole, int LastLine) TwoLines()
    {
        byte[] first = [.. SomeTrial.Of("none").ToJson(), (byte)'\n'];
        return ([.. first, .. SomeTrial.Of().ToJson(), (byte)'\n'], first.Length);
    }

    private void Write(params Trial[] trials)
    {
        using var journal = Journal.Open(folder.Path);
        foreach (var trial in trials) journal.Append(trial, TimeSpan.FromSeconds(1.5));
    }
}
