using System.CommandLine;
using Eckart.Experiments;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary>A model and a task's items, opened for a command.</summary>
internal sealed class TaskSession : IDisposable
{
    private readonly ParseResult args;
    private readonly Sample sample;
    private readonly SvdKind svd;

    private TaskSession(ParseResult args, ModelSession model, Sample sample, SvdKind svd) => (this.args, Model, this.sample, this.svd) = (args, model, sample, svd);

    public ModelSession Model { get; }

    public TaskVariant Variant => sample.Variant;

    public long Seed => sample.Seed;

    public int Shots => sample.Demonstrations.Items.Length;

    /// <summary>Renders rows of any table after the demonstrations.</summary>
    public ItemRenderer Renderer => sample.Renderer;

    /// <summary>Checks everything that needs no weights before any is read.</summary>
    public static TaskSession Open(ParseResult args, CancellationToken cancellation)
    {
        var variant = TaskItems.Variant(args, TaskItems.NameOf(args));
        var svd = args.OptionalOneOf<SvdKind>(CommonOptions.Svd) ?? (variant.Protocol == Protocol.Authors ? SvdKind.Randomized : SvdKind.Exact);
        var sample = TaskItems.Draw(args, variant);       // before the model: it may have to be downloaded
        return new TaskSession(args, ModelSession.Open(args, svd, args.GetValue(CommonOptions.Seed) ?? variant.Seed, cancellation), sample, svd);
    }

    /// <summary>Turns rendered rows into tokens.</summary>
    public QueryEncoder Encoder() => new(Model.Tokenizer, Model.Spec, Variant.Scoring);

    public QuerySet Validation() => Encode("validation", sample.Validation);

    public QuerySet Test() => Encode("test", sample.Test);

    /// <summary>The test items after another number of demonstrations: the same rows.</summary>
    public QuerySet Test(int shots) => shots == Shots ? Test() : Encode("test", TaskItems.Draw(args, Variant, shots).Test);

    public TrialRunner Runner(Journal? journal) => Runner(journal, Shots);

    /// <summary>Runs trials with another number of demonstrations.</summary>
    public TrialRunner Runner(Journal? journal, int shots) => new(Model.Engine(), Variant, Key(journal) with { Shots = shots }, journal, TimeProvider.System);

    // What trials of this session share. Reading a whole checkpoint for its digest is worth it only where trials are kept.
    private TrialKey Key(Journal? journal) => new()
    {
        Model = journal is null ? "" : Model.Digest,
        Task = Variant.Name,
        TaskVersion = Variant.Version,
        Protocol = OptionValues.Kebab(Variant.Protocol),
        Seed = Seed,
        Shots = Shots,
        Split = "",
        Rows = "",
        Scoring = Variant.Scoring.ToString(),
        Svd = OptionValues.Kebab(svd),
        Dtype = args.GetValue(CommonOptions.Device) is "cpu" ? args.GetValue(CommonOptions.DType)! : $"{args.GetValue(CommonOptions.DType)}/cuda",
        Engine = 0,
        Intervention = "",
    };

    /// <summary>Whether neither a model nor a task is named, so that the embedded ones are taken.</summary>
    public static bool IsDefault(ParseResult args) => args.GetValue(CommonOptions.Model) is null && args.GetValue(CommonOptions.Task) is null;

    /// <summary>What a report of these items has to say.</summary>
    public IEnumerable<string> Notes(QuerySet set) => Notes(set.Queries.Count, set.Items.Available, set.Split);

    /// <summary>What a report of some of the items has to say.</summary>
    public IEnumerable<string> Notes(int taken, int available, string split) =>
        (taken < available ? [FormattableString.Invariant($"{taken} of {available} {split} items, evenly over the split; --{split} all takes all")] : Array.Empty<string>()).Concat(sample.Notes);

    public void Dispose() => Model.Dispose();

    private QuerySet Encode(string split, ItemSet items) =>
        QuerySet.Encode(Variant.Name, split, items, Encoder(), Compute.Threads(args));
}
