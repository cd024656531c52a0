using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Eckart.Engine.Kernels;

namespace Eckart.Bench.Micro;

/// <summary>The verb <c>micro</c>: single kernels and readers, each a few seconds. With <c>DOTNET_EnableAVX512=0</c> set, those of a machine without AVX-512.</summary>
internal static class Microbenchmarks
{
    private static readonly Type[] All = [typeof(AttentionBenchmark), typeof(KeyWritingBenchmark), typeof(ProductBenchmark), typeof(RowBenchmark), typeof(DequantizingBenchmark), typeof(EncodingBenchmark)];

    /// <summary>Runs those whose name contains <paramref name="filter"/>.</summary>
    /// <returns>The exit code: 1 where none ran or one failed.</returns>
    public static int Run(string filter)
    {
        Console.WriteLine($"kernels: {Lanes.Name}");
        var types = All;
        if (!File.Exists(EncodingBenchmark.Model))
        {
            Console.WriteLine($"no tokenizer benchmark: ECKART_SHARED has no {EncodingBenchmark.Model}");
            types = [.. types.Where(type => type != typeof(EncodingBenchmark))];
        }

        // In this process: another one would have to be built, with the native libraries of all packages.
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithId("short"))
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Descriptor, DefaultColumnProviders.Params, DefaultColumnProviders.Statistics)
            .AddColumn(new RateColumn())
            .AddExporter(MarkdownExporter.GitHub)
            .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
        var summaries = BenchmarkSwitcher.FromTypes(types).Run(["--filter", $"*{filter}*"], config).ToArray();
        return summaries.Length > 0 && summaries.All(summary => summary.Reports.All(report => report.Success)) ? 0 : 1;
    }
}
