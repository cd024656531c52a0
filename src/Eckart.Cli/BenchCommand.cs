using System.CommandLine;
using Eckart.Engine;
using Eckart.Formats.HuggingFace.Hub;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;
using TorchSharp;

namespace Eckart.Cli;

/// <summary><c>bench</c>: the engine against the reference procedure, measured in one run, beside what is possible at all.</summary>
internal static class BenchCommand
{
    private const int UsualItems = 200;
    private const int SweptItems = 64;
    private const int QuickShare = 10;

    private static readonly Option<string> Cases = new("--cases") { Description = "Which to measure.", HelpName = "NAME,…", DefaultValueFactory = _ => string.Join(',', BenchCases.Names) };
    private static readonly Option<bool> Quick = new("--quick") { Description = "A tenth of the items." };
    private static readonly Option<string> Protocol = new("--protocol") { Description = "default, paper or authors. Not given: authors, or default of a task that the authors do not have.", HelpName = "NAME" };
    private static readonly Option<string> Svd = new("--svd") { Description = "exact, or randomized: the authors' seeded approximation.", HelpName = "NAME", DefaultValueFactory = _ => "exact" };
    private static readonly Option<string> Validation = new("--validation") { Description = "At most N validation items, evenly over the split.", HelpName = "N|all", DefaultValueFactory = _ => $"{UsualItems}" };
    private static readonly Option<string> Test = new("--test") { Description = "At most N test items, evenly over the split.", HelpName = "N|all", DefaultValueFactory = _ => $"{UsualItems}" };
    private static readonly Option<string> DType = new("--dtype") { Description = "Type of weights and products. Not given: both.", HelpName = "f32|bf16" };

    public static Command Create()
    {
        var command = new Command("bench", "Measure the engine against the reference procedure, one full pass a query and intervention, and against the machine.")
            .With(CommonOptions.Model, CommonOptions.Task, Cases, Quick, CommonOptions.Data, Protocol, CommonOptions.Shots, CommonOptions.Seed, Validation, Test, Svd)
            .With(CommonOptions.Device, DType, CommonOptions.Threads, CommonOptions.Memory, CommonOptions.ChunkTokens, CommonOptions.Json, CommonOptions.Quiet);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static TaskVariant VariantOf(ParseResult args)
    {
        var task = TaskItems.Load(TaskItems.NameOf(args));
        return task.For(args.OptionalOneOf<Protocol>(Protocol) ?? (task.Variants.ContainsKey(Tasks.Protocol.Authors) ? Tasks.Protocol.Authors : Tasks.Protocol.Default));
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var (names, types) = (NamesOf(args), TypesOf(args));
        var variant = VariantOf(args);
        var sample = TaskItems.Draw(args, variant, Share(args, args.CountOf(Validation)!.Value), Share(args, args.CountOf(Test)!.Value));
        var options = Compute.EngineFrom(args) with { Cache = null, Svd = args.OneOf<SvdKind>(Svd), Seed = sample.Seed };
        using var checkpoint = Checkpoint.Open(ModelPath.Of(args, HubContent.Checkpoint, cancellation));
        using var tokenizer = checkpoint.LoadTokenizer();
        var encoder = new QueryEncoder(tokenizer, checkpoint.Spec, variant.Scoring);
        var validation = QuerySet.Encode(variant.Name, "validation", sample.Validation, encoder, Compute.Threads(args));
        var test = QuerySet.Encode(variant.Name, "test", sample.Test, encoder, Compute.Threads(args));
        var cases = new BenchCases(checkpoint.Spec, validation, test, Evenly(validation.Queries, Share(args, SweptItems)));

        var report = new BenchReport(args, checkpoint, sample, options);
        foreach (var type in types) GemmRate.Measure(Compute.From(args, type));        // what the native libraries take for themselves is no part of a model
        var before = AnonymousMemory.Now();
        foreach (var type in types)
        {
            using var model = CausalLm.Load(checkpoint, Compute.From(args, type));
            using var measurement = new BenchMeasurement(args, model, options, before, cancellation);
            foreach (var one in names.SelectMany(cases.Of)) report.Add(type, measurement.Measure(one));
        }

        report.Write(args.InvocationConfiguration.Output);
    }

    private static string[] NamesOf(ParseResult args)
    {
        string[] asked = args.GetValue(Cases)!.Split(',', StringSplitOptions.TrimEntries);
        foreach (var name in asked)
            if (!BenchCases.Names.Contains(name)) throw OptionValues.Refuse(Cases.Name, string.Join(", ", BenchCases.Names), name);
        return [.. BenchCases.Names.Where(asked.Contains)];
    }

    private static torch.ScalarType[] TypesOf(ParseResult args) => args.GetValue(DType) is { } name ? [Compute.TypeOf(name)] : [torch.float32, torch.bfloat16];

    private static int Share(ParseResult args, int count) => args.GetValue(Quick) ? Math.Max(1, count / QuickShare) : count;

    private static IReadOnlyList<Query> Evenly(IReadOnlyList<Query> queries, int most) =>
        queries.Count <= most ? queries : [.. Enumerable.Range(0, most).Select(i => queries[(int)((long)i * queries.Count / most)])];
}
