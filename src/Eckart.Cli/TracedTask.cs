using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Theory.Tracing;

namespace Eckart.Cli;

/// <summary>What the theory's verbs look at: a model, one item of a task with its demonstrations, and interventions.</summary>
/// <param name="Session">The model at the task; owned by this.</param>
/// <param name="Settings">Of the task.</param>
/// <param name="Split"><c>validation</c> or <c>test</c>.</param>
/// <param name="Place">The item's, from 0.</param>
/// <param name="Item">As rendered.</param>
/// <param name="Prompt">Its tokens.</param>
/// <param name="Interventions">Resolved; without the unedited model.</param>
internal sealed record TracedTask(TaskSession Session, TaskSettings Settings, string Split, int Place, Item Item, TracedPrompt Prompt, ImmutableArray<Intervention> Interventions) : IDisposable
{
    private static readonly Option<string> SplitOption = new("--split") { Description = "Which items.", HelpName = "validation|test", DefaultValueFactory = _ => "test" };
    private static readonly Option<int> ItemOption = new("--item") { Description = "Place of the item in the split, from 0: the query behind the demonstrations.", HelpName = "N", CustomParser = value => OptionValues.Whole<int>(value) ?? 0 };
    private static readonly Option<string[]> InterventionsOption = new("--intervention") { Description = "Compare the unedited model with this one; may be given several times. " + CommonOptions.Intervention.Description, HelpName = "I…", AllowMultipleArgumentsPerToken = true };

    /// <summary>A folder for figures and JSON.</summary>
    public static readonly Option<string> Out = new("--out") { Description = "A folder for the figures and the JSON; made if need be.", HelpName = "DIR" };

    /// <summary>The options that it is read from.</summary>
    public static readonly IReadOnlyList<Option> Options =
    [
        CommonOptions.Model, CommonOptions.Task, .. CommonOptions.Sampling, SplitOption, ItemOption, InterventionsOption, CommonOptions.Svd, Out,
        CommonOptions.Device, CommonOptions.DType, CommonOptions.Threads, CommonOptions.Json, CommonOptions.Quiet,
    ];

    /// <summary>Opens what the options name.</summary>
    public static TracedTask Open(ParseResult args, CancellationToken cancellation)
    {
        var split = args.GetValue(SplitOption) is "test" or "validation" ? args.GetValue(SplitOption)! : throw OptionValues.Refuse(SplitOption.Name, "validation or test", args.GetValue(SplitOption)!);
        var interventions = (args.GetValue(InterventionsOption) ?? []).Select(Intervention.Parse).ToArray();
        var settings = TaskItems.Settings(args);
        var sample = settings.Draw();
        var items = split == "test" ? sample.Test.Items : sample.Validation.Items;
        var place = args.GetValue(ItemOption);
        if (place < 0 || place >= items.Length) throw OptionValues.Refuse(ItemOption.Name, FormattableString.Invariant($"a place from 0 to {items.Length - 1}"), FormattableString.Invariant($"{place}"));
        var model = ModelPath.Open(args, cancellation);
        try
        {
            var session = new TaskSession(model, settings, sample);
            var where = FormattableString.Invariant($"{settings.Variant.Name} {split} row {items[place].Row}");
            return new TracedTask(session, settings, split, place, items[place], TracedPrompt.Of(items[place], sample.Demonstrations, session.Encoder(), where), [.. interventions.Select(one => one.Resolve(model.Spec)).Where(one => !one.IsNone).Distinct()]);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Edits the model; the caller disposes it.</summary>
    public WeightEditor Editor() => new(Session.Model.Model, Settings.Svd, Settings.Svd == SvdKind.Exact ? 0 : Settings.Seed);

    /// <summary>All items of the split that the prompt is of, as tokens.</summary>
    public QuerySet Queries() => Split == "test" ? Session.Test() : Session.Validation();

    /// <summary>The unedited model and the interventions.</summary>
    public IEnumerable<Intervention> WithUnedited => Interventions.Prepend(Intervention.None);

    /// <summary>One line that says what is looked at.</summary>
    public string Title => FormattableString.Invariant($"{Session.Model.Checkpoint.Name} on {Session.Variant.Name}, {KebabCase.Of(Session.Variant.Protocol)} protocol, {Count.Of(Prompt.Demonstrations, "demonstration")}, seed {Session.Seed}, {Split} row {Item.Row}");

    /// <summary>How many tokens are whose.</summary>
    public string Tokens => FormattableString.Invariant($"{Prompt.Ids.Length} tokens, {Prompt.DemonstrationTokens} of them the demonstrations'");

    /// <summary>The same as JSON, for a report to add to.</summary>
    public JsonObject ToJson() => new()
    {
        ["model"] = Session.Model.Checkpoint.Path,
        ["task"] = Session.Variant.Name,
        ["protocol"] = KebabCase.Of(Session.Variant.Protocol),
        ["seed"] = Session.Seed,
        ["shots"] = Prompt.Demonstrations,
        ["split"] = Split,
        ["item"] = Place,
        ["row"] = Item.Row,
        ["tokens"] = Prompt.Ids.Length,
        ["demonstration_tokens"] = Prompt.DemonstrationTokens,
    };

    /// <inheritdoc/>
    public void Dispose() => Session.Model.Dispose();
}
