using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments;

/// <summary>Every call to the file system that a small run makes fails in every way; what is left is gone on with.</summary>
public sealed class RunFaultTests : IDisposable
{
    private static readonly Trial[] Trials = [.. new[] { "none", "mlp@1:0.5", "mlp@2:0.5" }.Select(intervention => SomeTrial.Of(intervention))];

    private static readonly byte[] Appended = [.. Trials.SelectMany(trial => trial.ToJson().Append((byte)'\n'))];

    private static readonly TimeSpan Never = TimeSpan.FromDays(1);      // of lines that the timer brings onto the disk

    private readonly TemporaryFolder root = new();
    private int evaluated;
    private TimeSpan unflushed;

    /// <summary>Every fault, with lines that go to the disk one by one and with lines that wait.</summary>
    public static IEnumerable<TheoryDataRow<string, bool>> Faults =>
        from fault in Enum.GetNames<Fault>() where fault != nameof(Fault.None) from waiting in new[] { false, true } select new TheoryDataRow<string, bool>(fault, waiting);

    public void Dispose() => root.Dispose();

    [Theory]
    [MemberData(nameof(Faults))]
    public void Any_call_may_fail_in_a_new_folder(string name, bool waiting)
    {
        var fault = Enum.Parse<Fault>(name);
        unflushed = waiting ? Never : default;
        var undisturbed = Undisturbed();

        foreach (var place in Places(fault, undisturbed.Calls)) Survives(fault, place, $"{place}", undisturbed.Files);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Any_call_may_fail_where_a_killed_run_is_gone_on_with(string name, bool waiting)
    {
        var fault = Enum.Parse<Fault>(name);
        unflushed = waiting ? Never : default;
        var undisturbed = Undisturbed();
        LeaveKilled("counted");
        var counting = new FaultyFiles(unflushed: unflushed);
        Run("counted", counting.Calls);

        foreach (var place in Places(fault, counting.Made))
        {
            LeaveKilled($"{place}");
            Survives(fault, place, $"{place}", undisturbed.Files);
        }
    }

    [Fact]
    public void Every_kind_of_call_is_among_those_that_fail()
    {
        LeaveKilled("run");
        var killed = new FaultyFiles();
        Run("run", killed.Calls);
        var unused = new FaultyFiles();
        var folder = RunFolder.Open(root.Path + "/unused", unused.Calls);
        folder.OpenJournal().Dispose();

        folder.RemoveIfUnused();

        Assert.False(Directory.Exists(root.Path + "/unused"));
        Assert.Equal(Enum.GetValues<FileCall>(), killed.Made.Concat(unused.Made).Distinct().Order());
    }

    [Fact]
    public void A_torn_line_that_could_not_be_cut_off_is_cut_off_before_the_next()
    {
        // Of an append the first two calls are the write, of which half arrives, and the cut.
        var counting = new FaultyFiles();
        using (Journal.Open(root.Path + "/counted", files: counting.Calls))
        {
        }

        foreach (var fault in new[] { Fault.Full, Fault.Short })
        {
            var opened = counting.Made.IndexOf(FileCall.Delete);
            var files = new FaultyFiles(fault, opened);
            using var journal = Journal.Open(root.Path + $"/{fault}", files: files.Calls);
            Refused.With(() => journal.Append(Trials[0], TimeSpan.Zero), "trials.jsonl", "expected to append", "No space left", "goes on from here");
            foreach (var trial in Trials) journal.Append(trial, TimeSpan.Zero);
            Assert.Equal(Appended, File.ReadAllBytes(root.Path + $"/{fault}/trials.jsonl"));
        }
    }

    private void Survives(Fault fault, int place, string name, Dictionary<string, byte[]> expected)
    {
        var files = new FaultyFiles(fault, place, unflushed);
        var about = $"{fault} at call {place}";
        try
        {
            Run(name, files.Calls);
        }
        catch (InputException problem)
        {
            var line = Assert.Single(problem.Problems).ToString();
            Assert.True(line.Contains("expected ", StringComparison.Ordinal) && line.Contains("found: ", StringComparison.Ordinal) && line.Contains("; ", StringComparison.Ordinal), line);
        }
        catch (ProcessDiedException) when (fault is Fault.Death or Fault.ShortThenDeath)
        {
        }

        about += $", {files.Made[place]}";
        var left = root.Path + $"/{name}/trials.jsonl";
        var lines = File.Exists(left) ? File.ReadAllBytes(left) : [];
        var whole = lines.AsSpan(0, lines.AsSpan().LastIndexOf((byte)'\n') + 1);
        Assert.True(whole.Length >= files.Kept.Values.Sum(), $"{about}: what was kept is lost");
        Assert.True(Appended.AsSpan().StartsWith(whole) || expected["trials.jsonl"].AsSpan().SequenceEqual(whole), $"{about}: what is left is not what an undisturbed run begins with");

        evaluated = 0;
        Run(name, new FaultyFiles().Calls);

        Assert.True(evaluated == Trials.Length - whole.Count((byte)'\n'), $"{about}: a finished trial was run again");
        var contents = Contents(name);
        Assert.True(expected.Keys.Order().SequenceEqual(contents.Keys.Order()), $"{about}: {string.Join(' ', contents.Keys)}");
        foreach (var file in expected.Keys.Where(file => file != "timings.jsonl"))
            Assert.True(expected[file].AsSpan().SequenceEqual(contents[file]), $"{about}: {file}");
        Assert.True(contents["timings.jsonl"].Length == 0 || contents["timings.jsonl"][^1] == '\n', $"{about}: timings end in a torn line");
    }

    private (Dictionary<string, byte[]> Files, List<FileCall> Calls) Undisturbed()
    {
        var files = new FaultyFiles(unflushed: unflushed);
        Run("undisturbed", files.Calls);
        return (Contents("undisturbed"), files.Made);
    }

    private static IEnumerable<int> Places(Fault fault, List<FileCall> calls) =>
        Enumerable.Range(0, calls.Count).Where(place => FaultyFiles.Concerns(fault == Fault.DeniedForGood ? Fault.Denied : fault, calls[place]));

    // As search does it.
    private void Run(string name, FileCalls files)
    {
        var folder = RunFolder.Open(root.Path + $"/{name}", files);
        try
        {
            using var journal = folder.OpenJournal();
            folder.WriteEnvironment(new RunEnvironment("1", "10", "", "", 2, 1, "2026-03-14T15:09:26Z", new Dictionary<string, string>()));
            foreach (var trial in Trials.Where(trial => journal.Find(trial.Id) is null))
            {
                evaluated++;
                journal.Append(trial, TimeSpan.FromSeconds(1));
            }

            journal.Settle(Comparer<IJournalLine>.Create((one, other) => string.CompareOrdinal(other.Label, one.Label)));
            folder.WriteJson("search.json", journal.Trials.Select(trial => trial.Accuracy));
        }
        catch (InputException)
        {
            folder.RemoveIfUnused();
            throw;
        }
    }

    // One trial, half of another and of its timing, a holder that is no more, and an environment that was being written.
    private void LeaveKilled(string name)
    {
        byte[] first = [.. Trials[0].ToJson(), (byte)'\n'];
        root.File($"{name}/trials.jsonl", [.. first, .. Trials[1].ToJson().AsSpan(0, 80)]);
        root.File($"{name}/timings.jsonl", "{\"id\":\"aa\",\"seconds\":1}\n{\"id\":\"bb");
        root.File($"{name}/trials.jsonl.lock", "");
        root.File($"{name}/trials.jsonl.holder", new LockHolder(1, "elsewhere", "2026-03-14T15:09:26Z").ToJson());
        root.File($"{name}/environment.json.abcdefgh.ijk.tmp", "{");
    }

    private Dictionary<string, byte[]> Contents(string name) =>
        Directory.GetFiles(root.Path + $"/{name}").ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
}
