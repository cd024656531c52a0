using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Export;
using Eckart.Formats;
using Eckart.Formats.HuggingFace.Hub;
using Eckart.Models;
using Eckart.Pruning;

namespace Eckart.Cli;

/// <summary><c>export</c>: an edited model as a checkpoint.</summary>
internal static class ExportCommand
{
    private static readonly string[] Planned = ["factored", "lora", "gguf"];
    private static readonly Option<string> Edit = new("--intervention") { Description = $"{CommonOptions.Intervention.Description} Not given: what --run chose.", HelpName = "I" };
    private static readonly Option<string> Run = new("--run") { Description = "A search's folder: its test goes into the model card, and its choice is what is exported, of its model unless --model names one.", HelpName = "DIR" };
    private static readonly Option<string> Out = new("--out") { Description = "The folder to write.", HelpName = "DIR" };
    private static readonly Option<string> Format = new("--format") { Description = "dense: the source's tensors, names, types and side files, the edited matrices apart.", HelpName = "NAME", DefaultValueFactory = _ => "dense" };
    private static readonly Option<string> Type = new("--dtype") { Description = "Stored type of a GGUF source's tensors. Not given: f32; a folder's tensors keep their own.", HelpName = "f32|bf16" };
    private static readonly Option<string> Svd = new("--svd") { Description = "exact, or randomized: the authors' seeded approximation. Not given: the run's, or exact.", HelpName = "NAME" };
    private static readonly Option<long?> Seed = new("--seed") { Description = "Of the randomized approximation. Not given: the run's, or 0.", HelpName = "S", CustomParser = OptionValues.Whole<long> };
    private static readonly Option<bool> Force = new("--force") { Description = "Replace a model's folder that is there already." };

    public static Command Create()
    {
        var command = new Command("export", "Write an edited model as a checkpoint that other programs read, with a card that says what was done and what it is worth.")
            .With(CommonOptions.Model, Edit, Run, Out, Format, Type, Svd, Seed, Force, CommonOptions.Threads, CommonOptions.NoCache, CommonOptions.Json, CommonOptions.Quiet);
        command.SetAction((args, cancellation) => Task.Run(() => RunExport(args, cancellation), cancellation));
        return command;
    }

    private static void RunExport(ParseResult args, CancellationToken cancellation)
    {
        CheckFormat(args.GetValue(Format)!);
        var path = args.PathOf(Out) ?? throw new InputException(Out.Name, "expected a folder to write, found none", $"give one with {Out.Name} DIR");
        var (type, workers) = (TypeOf(args), Compute.Threads(args));
        var evidence = args.PathOf(Run) is { } run ? SearchEvidence.Load(run) : null;
        var typed = args.GetValue(Edit) ?? evidence?.Intervention
            ?? throw new InputException(Edit.Name, "expected an intervention or a search's folder, found neither", $"give {Edit.Name} I or {Run.Name} DIR");
        var intervention = Intervention.Parse(typed);
        if (evidence is not null) PredictCommand.SaySearched(args, args.PathOf(Run)!, evidence);

        using var source = Checkpoint.Open(SourceOf(args, cancellation));
        var settings = new DenseExportSettings
        {
            Intervention = intervention.Resolve(source.Spec),
            Svd = SvdOf(args, evidence),
            Seed = SeedOf(args, evidence),
            Cache = args.GetValue(CommonOptions.NoCache) ? null : FactorCache.Default(),
            Type = type,
            Replace = args.GetValue(Force),
            Workers = workers,
            Evidence = evidence,
            Command = $"eckart {ResumeCommand.For(Typed(args), folder: null)}",
        };
        var export = new DenseExport(source, path, settings);
        var matrices = Write(args, export, cancellation);
        Report(args, source, export.Layers, settings, path, matrices);
    }

    private static string SourceOf(ParseResult args, CancellationToken cancellation) => args.PathOf(CommonOptions.Model) is null && args.PathOf(Run) is { } run
        ? ModelPath.Of(SearchedRun.Load(run).Plan.Models[0], args, HubContent.Checkpoint, cancellation)
        : ModelPath.Of(args, HubContent.Checkpoint, cancellation);

    private static IReadOnlyList<EditedMatrix> Write(ParseResult args, DenseExport export, CancellationToken cancellation)
    {
        using var progress = Progress.Start(args, "export", "tensors", export.Tensors);
        return export.Write(progress.Advance, cancellation);
    }

    // What is printed and what is replaced does not show in what is written.
    private static IReadOnlyList<string> Typed(ParseResult args)
    {
        string[] passing = [Force.Name, CommonOptions.Json.Name, CommonOptions.Quiet.Name];
        return [.. args.Tokens.Select(token => token.Value).Where(token => !passing.Contains(token))];
    }

    private static void CheckFormat(string format)
    {
        if (Planned.Contains(format)) throw new InputException(Format.Name, $"expected dense, found '{format}', which cannot be written yet", $"leave {Format.Name} out");
        if (format != "dense") throw OptionValues.Refuse(Format.Name, "dense", format);
    }

    private static string? TypeOf(ParseResult args) => args.GetValue(Type) switch
    {
        null => null,
        "f32" => "F32",
        "bf16" => "BF16",
        var other => throw OptionValues.Refuse(Type.Name, "f32 or bf16", other),
    };

    // What was tested is what is exported: the decomposition and its seed are the run's.
    private static SvdKind SvdOf(ParseResult args, SearchEvidence? evidence)
    {
        var (given, tested) = (args.OptionalOneOf<SvdKind>(Svd), evidence?.Key.Svd);
        return tested is null ? given ?? SvdKind.Exact
            : Enum.GetValues<SvdKind>().Where(kind => KebabCase.Of(kind) == tested).ToArray() is [var kind] && (given ?? kind) == kind ? kind
            : throw OptionValues.Refuse(Svd.Name, $"{tested}, as in the run", given is { } other ? KebabCase.Of(other) : tested);
    }

    private static long SeedOf(ParseResult args, SearchEvidence? evidence) => (args.GetValue(Seed), evidence?.Key.Seed) switch
    {
        ( < 0 and var seed, _) => throw OptionValues.Refuse(Seed.Name, "a number from 0 up", seed.ToString(CultureInfo.InvariantCulture)),
        ({ } seed, { } tested) when seed != tested => throw OptionValues.Refuse(Seed.Name, string.Create(CultureInfo.InvariantCulture, $"{tested}, as in the run"), seed.ToString(CultureInfo.InvariantCulture)),
        var (seed, tested) => seed ?? tested ?? 0,
    };

    private static void Report(ParseResult args, Checkpoint source, int layers, DenseExportSettings settings, string path, IReadOnlyList<EditedMatrix> matrices)
    {
        var output = args.InvocationConfiguration.Output;
        var files = new DirectoryInfo(path).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal).ToArray();
        if (args.GetValue(CommonOptions.Json))
        {
            output.WriteJson(new JsonObject
            {
                ["model"] = source.Path,
                ["intervention"] = settings.Intervention.ToString(),
                ["format"] = "dense",
                ["layers"] = layers,
                ["matrices"] = new JsonArray([.. matrices.Select(ToJson)]),
                ["files"] = JsonOutput.Array(files.Select(file => file.Name)),
                ["bytes"] = files.Sum(file => file.Length),
                ["out"] = path,
            });
            return;
        }

        foreach (var (site, _, shape, rank, energy) in matrices)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{site}: rank {rank} of {Math.Min(shape[0], shape[1])}, {energy:0.0000} of the energy kept"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{source.Name}, {settings.Intervention}: {files.Length} files, {files.Sum(file => file.Length)} bytes in {path}"));
    }

    private static JsonObject ToJson(EditedMatrix matrix) => new()
    {
        ["matrix"] = matrix.Site.ToString(),
        ["tensor"] = matrix.Tensor,
        ["shape"] = JsonOutput.Array(matrix.Shape),
        ["rank"] = matrix.Rank,
        ["energy"] = matrix.Energy,
    };
}
