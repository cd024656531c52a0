using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Experiments;

/// <summary>A model at a task's items.</summary>
/// <param name="model">Still the caller's.</param>
/// <param name="settings">Of the task.</param>
/// <param name="sample">Drawn by the settings.</param>
public sealed class TaskSession(ModelSession model, TaskSettings settings, Sample sample)
{
    private QuerySet? validation;
    private QuerySet? test;

    /// <summary>The model; its owner's.</summary>
    public ModelSession Model => model;

    /// <summary>The task and protocol.</summary>
    public TaskVariant Variant => sample.Variant;

    /// <summary>Seed of the rows.</summary>
    public long Seed => sample.Seed;

    /// <summary>Demonstrations in each prompt.</summary>
    public int Shots => sample.Demonstrations.Items.Length;

    /// <summary>How matrices are decomposed.</summary>
    public SvdKind Svd => settings.Svd;

    /// <summary>Renders rows of any table after the demonstrations.</summary>
    public ItemRenderer Renderer => sample.Renderer;

    /// <summary>Turns rendered rows into tokens.</summary>
    public QueryEncoder Encoder() => new(model.Tokenizer, model.Spec, Variant.Scoring);

    /// <summary>The validation items as tokens; made once.</summary>
    public QuerySet Validation() => validation ??= Encode("validation", sample.Validation);

    /// <summary>The test items as tokens; made once.</summary>
    public QuerySet Test() => test ??= Encode("test", sample.Test);

    /// <summary>How many items a split has.</summary>
    /// <param name="split"><c>validation</c> or <c>test</c>.</param>
    public int Count(string split) => Of(split).Items.Length;

    /// <summary>Some items of a split as tokens, evenly over it.</summary>
    /// <param name="split"><c>validation</c> or <c>test</c>.</param>
    /// <param name="most">At most so many.</param>
    public IReadOnlyList<Query> Some(string split, int most)
    {
        var all = Of(split);
        var count = Math.Min(most, all.Items.Length);
        int[] places = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * all.Items.Length / count))];
        return (split == "test" ? test : validation) is { } encoded ? [.. places.Select(i => encoded.Queries[i])]
            : Encode(split, all with { Items = [.. places.Select(i => all.Items[i])] }).Queries;
    }

    /// <summary>The same rows after another number of demonstrations.</summary>
    /// <exception cref="Formats.InputException">More demonstrations than were sampled.</exception>
    public TaskSession WithShots(int shots)
    {
        if (shots == Shots) return this;
        var other = settings with { Size = settings.Size with { Shots = shots } };
        return new TaskSession(model, other, other.Draw());
    }

    /// <summary>Runs trials.</summary>
    /// <param name="journal">Keeps them; null where nothing is kept.</param>
    /// <param name="clock">Tells how long a trial took.</param>
    public TrialRunner Runner(Journal? journal, TimeProvider clock) => new(model.Engine(settings.Svd, settings.Seed), Variant, Key(journal), journal, clock);

    /// <summary>What a report of these items has to say.</summary>
    public IEnumerable<string> Notes(QuerySet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return Notes(set.Queries.Count, set.Items.Available, set.Split);
    }

    /// <summary>What a report of some of the items has to say.</summary>
    public IEnumerable<string> Notes(int taken, int available, string split) =>
        (taken < available ? [FormattableString.Invariant($"{taken} of {available} {split} items, evenly over the split; --{split} all takes all")] : Array.Empty<string>()).Concat(sample.Notes);

    // What trials of this session share. Reading a whole checkpoint for its digest is worth it only where trials are kept.
    internal TrialKey Key(Journal? journal) => new()
    {
        Model = journal is null ? "" : model.Digest,
        Task = Variant.Name,
        TaskVersion = Variant.Version,
        Protocol = Variant.Protocol.ToString().ToLowerInvariant(),
        Seed = Seed,
        Shots = Shots,
        Order = settings.Size.Order,
        Split = "",
        Rows = "",
        Scoring = Variant.Scoring.ToString(),
        Svd = settings.Svd.ToString().ToLowerInvariant(),
        Dtype = model.Compute.Name,
        Engine = 0,
        Intervention = "",
    };

    private ItemSet Of(string split) => split == "test" ? sample.Test : sample.Validation;

    private QuerySet Encode(string split, ItemSet items) => QuerySet.Encode(Variant.Name, split, items, Encoder(), model.Compute.Workers);
}
