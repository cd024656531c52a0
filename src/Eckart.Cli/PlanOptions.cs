using System.Collections.Immutable;
using System.CommandLine;
using Eckart.Experiments.Plans;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;
using Eckart.Training.Regression;

namespace Eckart.Cli;

/// <summary>Plans that the options of a verb make, and who runs them.</summary>
internal static class PlanOptions
{
    private static readonly Option[] OfTasks = [CommonOptions.Task, CommonOptions.Protocol, CommonOptions.Shots, CommonOptions.Validation, CommonOptions.Test, CommonOptions.Svd, CommonOptions.Engine, CommonOptions.ChunkTokens];

    /// <summary>In place of a plan's modules.</summary>
    public static readonly Option<string> Modules = new("--module") { Description = $"Modules or matrices in place of the plan's, with commas between them: {string.Join(" ", Module.Known)}.", HelpName = "NAME,…" };

    /// <summary>In place of a plan's rates.</summary>
    public static readonly Option<string> Rates = new("--rates") { Description = "Clipping rates in place of the plan's. 0 is always tried.", HelpName = "0,0.1,…" };

    /// <summary>A plan of one model at one task, with nothing to do yet.</summary>
    /// <param name="args">Of a verb that samples a task's items.</param>
    /// <param name="name">The verb's.</param>
    /// <exception cref="Formats.InputException">A value that an option cannot take.</exception>
    public static Plan OneTask(ParseResult args, string name) => new()
    {
        Name = name,
        Title = "",
        Paper = "",
        Models = [args.PathOf(CommonOptions.Model) ?? EmbeddedModels.Default],
        Tasks = [TaskItems.RequiredName(args)],
        TasksOfOtherModels = [],
        Protocols = [args.OneOf<Protocol>(CommonOptions.Protocol)],
        Seeds = Given(args, CommonOptions.Seed),
        Shots = Given(args, CommonOptions.Shots),
        Split = "test",
        Validation = args.CountOf(CommonOptions.Validation),
        Test = args.CountOf(CommonOptions.Test),
        Modules = [],
        Layers = [],
        Rates = [default],
        Drops = [],
        Interventions = [],
        Searches = false,
        Svd = args.OptionalOneOf<SvdKind>(CommonOptions.Svd),
        Engine = Compute.KindOf(args),
        Dtype = Compute.From(args).Name,
        ChunkTokens = Compute.EngineFrom(args).ChunkTokens,
        Alpha = args.AlphaOf(),
    };

    /// <summary>A plan's file with the options in place of what it says; those that it has no use for are ignored and said.</summary>
    /// <param name="plan">As read.</param>
    /// <param name="args">Of <c>run</c>.</param>
    /// <exception cref="Formats.InputException">A value that an option cannot take.</exception>
    public static Plan Overridden(Plan plan, ParseResult args)
    {
        if (args.PathOf(CommonOptions.Model) is { } model) plan = plan with { Models = [model], Tasks = plan.Models.Contains(model) ? plan.Tasks : plan.TasksOfOtherModels };
        if (plan.Measure != PlanMeasure.Spectra && Given(args, CommonOptions.Seed) is { IsEmpty: false } seeds) plan = plan with { Seeds = seeds };
        plan = plan with { TasksOfOtherModels = [] };
        if (plan.Measure != PlanMeasure.Accuracy) Ignore(args, plan.Measure == PlanMeasure.Spectra ? [.. OfTasks, CommonOptions.Seed] : OfTasks, plan, "asks no task");
        else plan = Asked(plan, args);
        plan = WithGrid(plan, args);
        if (plan.Measure == PlanMeasure.Spectra) Ignore(args, [CommonOptions.Alpha, CommonOptions.DType], plan, "measures spectra");
        else plan = plan with { Alpha = args.IsGiven(CommonOptions.Alpha) ? args.AlphaOf() : plan.Alpha, Dtype = Compute.From(args, plan).Name };       // spectra are float64 whatever the models are run in
        return plan.Measure == PlanMeasure.Accuracy ? plan with { Engine = Compute.KindOf(args, plan), ChunkTokens = Compute.EngineFrom(args, plan).ChunkTokens } : plan;
    }

    /// <summary>Who runs a plan.</summary>
    /// <param name="plan">Any.</param>
    /// <param name="args">Say how models are run and where data is.</param>
    /// <param name="cancellation">Stops a download.</param>
    public static IPlanRunner RunnerOf(Plan plan, ParseResult args, CancellationToken cancellation) => plan.Measure switch
    {
        PlanMeasure.Spectra => new SpectraRunner(plan, name => ModelPath.Open(args, plan, name, cancellation)),
        PlanMeasure.Functions => new FunctionsRunner(plan, name => ModelPath.Here(name) ?? name, Compute.From(args, plan)),
        _ => new Search.PlanRunner(plan, name => ModelPath.Open(args, plan, name, cancellation), TaskItems.DataFolder(args)),
    };

    private static ImmutableArray<T> Given<T>(ParseResult args, Option<T?> option)
        where T : struct, IComparable<T> => args.GetValue(option) is not { } value ? []
        : value.CompareTo(default) >= 0 ? [value] : throw OptionValues.Refuse(option.Name, "a number from 0 up", FormattableString.Invariant($"{value}"));

    private static Plan Asked(Plan plan, ParseResult args)
    {
        if (args.IsGiven(CommonOptions.Task)) plan = plan with { Tasks = [.. args.EachOf(CommonOptions.Task, "names of tasks with commas between them", name => name).Distinct()] };
        if (args.IsGiven(CommonOptions.Protocol)) plan = plan with { Protocols = [args.OneOf<Protocol>(CommonOptions.Protocol)] };
        if (Given(args, CommonOptions.Shots) is { IsEmpty: false } shots) plan = plan with { Shots = shots };
        return plan with { Validation = args.CountOf(CommonOptions.Validation) ?? plan.Validation, Test = args.CountOf(CommonOptions.Test) ?? plan.Test, Svd = args.OptionalOneOf<SvdKind>(CommonOptions.Svd) ?? plan.Svd };
    }

    // Of spectra every matrix is measured where no module is named.
    private static Plan WithGrid(Plan plan, ParseResult args)
    {
        var spectra = plan.Measure == PlanMeasure.Spectra;
        if (plan.Modules.IsEmpty && !spectra)
        {
            Ignore(args, [Modules, Rates], plan, "has no modules");
            return plan;
        }

        if (args.IsGiven(Modules)) plan = plan with { Modules = [.. args.EachOf(Modules, $"some of {string.Join(", ", Module.Known)}", Module.Find).Distinct()] };
        if (spectra) Ignore(args, [Rates], plan, "measures spectra");
        else if (args.IsGiven(Rates)) plan = plan with { Rates = [.. args.RatesOf(Rates)] };
        return plan.Rates is not [_] || spectra || plan.Searches ? plan : throw OptionValues.Refuse(Rates.Name, "a rate above 0 among them", args.GetValue(Rates)!);
    }

    private static void Ignore(ParseResult args, IEnumerable<Option> options, Plan plan, string why)
    {
        string[] given = [.. options.Where(args.IsGiven).Select(option => option.Name)];
        if (given.Length > 0 && !args.GetValue(CommonOptions.Quiet)) args.InvocationConfiguration.Error.WriteLine($"{string.Join(", ", given)} ignored: plan '{plan.Name}' {why}");
    }
}
