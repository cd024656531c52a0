using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Models;
using Eckart.Tasks;
using Spectre.Console;
using TorchSharp;

namespace Eckart.Cli;

/// <summary>What <c>bench</c> found, as JSON and as text.</summary>
internal sealed class BenchReport(ParseResult args, Checkpoint checkpoint, Sample sample, EngineOptions options)
{
    private readonly List<(torch.ScalarType Type, BenchResult Result)> results = [];

    private IEnumerable<string> Notes => sample.Notes;

    public void Add(torch.ScalarType type, BenchResult result) => results.Add((type, result));

    public void Write(TextWriter output)
    {
        if (args.GetValue(CommonOptions.Json)) output.WriteJson(ToJson());
        else WriteText(output);
    }

    private JsonObject ToJson()
    {
        var machine = RunEnvironment.Of(TimeProvider.System, new Dictionary<string, string>());
        return new JsonObject
        {
            ["model"] = checkpoint.Path,
            ["task"] = sample.Variant.Name,
            ["protocol"] = KebabCase.Of(sample.Variant.Protocol),
            ["seed"] = sample.Seed,
            ["shots"] = sample.Demonstrations.Items.Length,
            ["svd"] = KebabCase.Of(options.Svd),
            ["machine"] = new JsonObject
            {
                ["processors"] = machine.Processors,
                ["architecture"] = machine.Architecture,
                ["operating_system"] = machine.OperatingSystem,
                ["memory_bytes"] = machine.MemoryBytes,
                ["dotnet"] = machine.Dotnet,
                ["eckart"] = machine.Eckart,
                ["ended"] = machine.Started,
            },
            ["threads"] = Compute.Threads(args),
            ["gemm_gflops"] = new JsonObject { ["f32"] = Rate(torch.float32), ["bf16"] = Rate(torch.bfloat16) },
            ["cases"] = Cases(torch.float32),
            ["cases_bf16"] = Cases(torch.bfloat16),
            ["notes"] = JsonOutput.Array(Notes),
        };
    }

    // The median of the cases', or a sample where none ran.
    private double Rate(torch.ScalarType type)
    {
        double[] rates = [.. results.Where(one => one.Type == type).Select(one => one.Result.GemmRate).Order()];
        return (rates.Length > 0 ? rates[rates.Length / 2] : GemmRate.Measure(Compute.From(args, type)).PerSecond) / 1e9;
    }

    private JsonArray Cases(torch.ScalarType type) => new([.. results.Where(one => one.Type == type).Select(one => one.Result.ToJson())]);

    private void WriteText(TextWriter output)
    {
        output.WriteLine($"{checkpoint.Name} on {sample.Variant.Name}, {KebabCase.Of(sample.Variant.Protocol)} protocol, {Count.Of(sample.Demonstrations.Items.Length, "demonstration")}, seed {sample.Seed}");
        foreach (var section in results.GroupBy(one => one.Type))
        {
            output.WriteLine($"{(section.Key == torch.bfloat16 ? "bf16" : "f32")}, {section.First().Result.Arithmetic}, {Compute.Threads(args)} threads");
            var table = new Table().Border(TableBorder.Simple).AddColumn("case");
            foreach (var column in new[] { "reference s", "engine s", "ratio", "limit", "of bound", "trunk", "reference", "GFLOP/s", "MB", "equal", "largest Δ" }) table.AddColumn(new TableColumn(column).RightAligned());
            foreach (var (_, one) in section)
                table.AddRow(
                    one.Case.Title, Number(one.ReferenceSeconds, "0.0"), Number(one.EngineSeconds, "0.000"), Number(one.Ratio, "0.0"), Number(one.Limit, "0.0"), Number(one.BoundShare, "0%"), Number(one.TrunkShare, "0%"), Number(one.ReferenceShare, "0%"),
                    Number(one.GemmRate / 1e9, "0"), Number(one.PeakBytes / 1e6, "0"), one.Agreement.Equal ? "yes" : "NO", Number(one.Agreement.LargestDifference, "0.0e0"));
            Terminal.Write(output, table);
        }

        output.WriteLine("Limit: the ratio that the multiplications allow. Shares are of the rate of plain products, sampled in the same minutes: of bound, if only what has to be done were done.");

        foreach (var note in Notes) output.WriteLine($"note: {note}");
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
