using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Tasks;
using Eckart.Tests.Support;

namespace Eckart.Tests.Experiments;

/// <summary>A made-up task of two choices on the tiny model, with a folder for its journal.</summary>
internal sealed class TinyRun : IDisposable
{
    private readonly TinyLm tiny = new();
    private readonly WalkEngine walk;
    private readonly TemporaryFolder folder = new();

    public TinyRun()
    {
        walk = WalkEngine.Over(tiny.Model, new EngineOptions());
        (Validation, Test) = (Set("validation", 6, 10), Set("test", 8, 40));
        Engine = new RecordingEngine(walk);
    }

    public RecordingEngine Engine { get; }

    public TinyLm Tiny => tiny;

    public QuerySet Validation { get; }

    public QuerySet Test { get; }

    public string Folder(string name) => Path.Combine(folder.Path, name);

    public byte[] Lines(string name) => File.ReadAllBytes(Path.Combine(folder.Path, name, "trials.jsonl"));

    public TrialKey Key => SomeTrial.Key() with { Task = "made-up", Split = "", Rows = "", Engine = walk.Version, Intervention = "" };

    /// <param name="journal">Where trials are kept.</param>
    /// <param name="shortfall">Of the published code's divisor.</param>
    /// <param name="clock">Tells how long a trial took.</param>
    public TrialRunner Runner(Journal? journal, int? shortfall = null, TimeProvider? clock = null) =>
        new(Engine, TaskLibrary.Load("sst2").For(Protocol.Default) with { PublishedShortfall = shortfall }, Key, journal, clock ?? TimeProvider.System);

    public void Dispose()
    {
        walk.Dispose();
        tiny.Dispose();
        folder.Dispose();
    }

    private QuerySet Set(string split, int count, int first)
    {
        Item[] items = [.. Enumerable.Range(0, count).Select(i => new Item(first + i, i % 2, [$"prompt {i}"], ["no", "yes"]))];
        Query[] queries = [.. items.Select(item => QueryEncoder.FromIds(tiny.Model.Spec, [first, item.Row, 7 * item.Row % 256], [[110], [121]], $"row {item.Row}") with { Row = item.Row, Gold = item.Gold })];
        return new QuerySet(split, new ItemSet([.. items], count), queries);
    }
}
