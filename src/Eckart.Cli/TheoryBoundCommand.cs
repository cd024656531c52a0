using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Theory;
using Eckart.Theory.Tracing;

namespace Eckart.Cli;

/// <summary><c>theory bound</c>: what interventions do to Theorem 2's bound on a real model, beside what they do to its answers.</summary>
internal static class TheoryBoundCommand
{
    private const double SmallestEpsilon = 1e-100;      // beyond these a float64 does not hold d·ε, or loses digits of ε
    private const double LargestEpsilon = 1e100;

    private static readonly Option<int?> Given = new("--given") { Description = "b: demonstrations given, of the N that there are. Not given: half of them.", HelpName = "B", CustomParser = OptionValues.Whole<int> };
    private static readonly Option<string> Epsilons = new("--epsilons") { Description = "The ε at which bounds are compared: C + εI stands for C, whose determinant is 0.", HelpName = "E,E,…", DefaultValueFactory = _ => "1e-9,1e-6,1e-3,1" };
    private static readonly Option<string> Layer = new("--layer") { Description = "Sweep these layers too (negative: from the end), each with all of --rates.", HelpName = "N,N|all" };

    public static Command Create()
    {
        var command = new Command("bound", "Compare interventions by the regularised bound of Theorem 2 at one prompt and by what they do to the answers. Three of its forms: the gradient's norm (shown), the spectral and the printed one (in the JSON too); the centred form needs many prompts, as its prior is their mean.")
            .With(TracedTask.Options).With(CommonOptions.Engine, CommonOptions.NoCache, CommonOptions.Memory, CommonOptions.ChunkTokens).With(Given, Epsilons, Layer, CommonOptions.Module, CommonOptions.Rates);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var epsilons = EpsilonsOf(args);
        var (folder, module, rates) = (args.FolderToWrite(TracedTask.Out), args.ModuleOf(), args.RatesOf());
        using var opened = TracedTask.Open(args, cancellation);
        var task = opened with { Interventions = [.. opened.Interventions.Concat(Swept(args, opened, module, rates)).Distinct()] };
        if (task.Interventions.IsEmpty) throw new InputException("theory bound", "expected interventions to compare with the unedited model, found none", "give some with --intervention, or a sweep with --layer");
        var given = args.GetValue(Given) ?? Math.Max(1, task.Prompt.Demonstrations / 2);
        SubsetCovariance.Factor(task.Prompt.Demonstrations, given);       // refuses numbers before anything slow

        var terms = Terms(args, task, given, cancellation);
        var report = new BoundReport(task, given, epsilons, terms, Trials(args, task, cancellation));
        if (folder is not null) report.Save(folder);
        if (args.GetValue(CommonOptions.Json)) args.InvocationConfiguration.Output.WriteJson(report.ToJson());
        else report.Write(args.InvocationConfiguration.Output);
    }

    private static ImmutableArray<ImmutableArray<BoundTerm>> Terms(ParseResult args, TracedTask task, int given, CancellationToken cancellation)
    {
        using var editor = task.Editor();
        var spec = task.Session.Model.Spec;
        using var progress = Progress.Start(args, "bound", "layers", (long)spec.Layers * (1 + task.Interventions.Length));
        var tracer = new GradientTracer(task.Session.Model.Model, editor, LinearForm.FirstOrder, TraceDetail.Norms);
        return [.. tracer.Compare(task.Prompt, task.Interventions, progress.Advance, cancellation).Select(trace => TracedBound.TermsOf(trace, spec.Hidden, given))];
    }

    private static IReadOnlyList<Trial> Trials(ParseResult args, TracedTask task, CancellationToken cancellation)
    {
        var set = task.Queries();
        using var progress = Progress.Start(args, $"{task.Split} items");
        return task.Session.Runner(journal: null, TimeProvider.System).Run([.. task.WithUnedited.Select(intervention => new TrialRequest(set, intervention))], [], progress.Report, cancellation);
    }

    private static double[] EpsilonsOf(ParseResult args) =>
        [.. args.GetValue(Epsilons)!.Split(',', StringSplitOptions.TrimEntries)
            .Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var epsilon) && epsilon is >= SmallestEpsilon and <= LargestEpsilon ? epsilon : throw OptionValues.Refuse(Epsilons.Name, "numbers above 0, from 1e-100 to 1e100, such as 1e-6,1e-3", text))
            .Distinct().Order()];

    private static IEnumerable<Intervention> Swept(ParseResult args, TracedTask task, Module module, IReadOnlyList<ClippingRate> rates)
    {
        if (args.GetValue(Layer) is not { } text) return [];
        var spec = task.Session.Model.Spec;
        int[] layers = text == "all" ? [.. Enumerable.Range(0, spec.Layers)]
            : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(one => int.TryParse(one, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var layer) ? layer : throw OptionValues.Refuse(Layer.Name, "layers such as 3,-1, or all", one))];
        return [.. from layer in layers from rate in rates where !rate.IsZero select new Intervention(new Truncation(module, layer, rate)).Resolve(spec)];
    }
}
