using System.Text.Json;
using Eckart.Tests.Support;

namespace Eckart.Tests.Cli;

public sealed class BenchCommandTests
{
    private const string Fields = "model task protocol seed shots svd machine threads gemm_gflops cases cases_bf16 notes";
    private const string CaseFields = "name module layer validation test reference_seconds reference_passes engine_seconds engine_rounds ratio limit multiplications bound_share trunk_share reference_share processor_shares gemm_gflops predictions_equal ties largest_difference peak_megabytes arithmetic";

    [Fact]
    public async Task Every_case_is_measured_in_both_types()
    {
        using var words = new Words();

        var document = await CommandLine.Json(words.Args("bench", "--protocol", "default"));

        Assert.Equal(Fields, document.Names());
        Assert.Equal("f32 bf16", document.GetProperty("gemm_gflops").Names());
        foreach (var section in new[] { "cases", "cases_bf16" })
        {
            var cases = document.GetProperty(section).EnumerateArray().ToArray();
            Assert.Equal(["full-pass", "prefix", "resume mlp 0", "search mlp 0", "search attention 0", "sweep"], cases.Select(Title));
            Assert.All(cases, one =>
            {
                Assert.Equal(CaseFields, one.Names());
                foreach (var name in new[] { "reference_seconds", "engine_seconds", "ratio", "limit", "bound_share", "trunk_share", "reference_share", "gemm_gflops" }) Assert.True(one.GetProperty(name).GetDouble() > 0, name);
                Assert.Equal(one.GetProperty("reference_seconds").GetDouble() / one.GetProperty("engine_seconds").GetDouble(), one.GetProperty("ratio").GetDouble(), tolerance: 1e-9);
                Assert.Contains(one.GetProperty("engine_seconds").GetDouble(), one.GetProperty("engine_rounds").Numbers());
                Assert.All(one.GetProperty("processor_shares").EnumerateObject(), share => Assert.True(share.Value.GetDouble() > 0, share.Name));
                var count = one.GetProperty("multiplications");
                Assert.Equal((double)count.GetProperty("reference").GetInt64() / count.GetProperty("bound").GetInt64(), one.GetProperty("limit").GetDouble(), tolerance: 1e-3);
                Assert.InRange(count.GetProperty("bound").GetInt64(), 1, count.GetProperty("engine").GetInt64());
            });
        }

        Assert.All(document.GetProperty("cases").EnumerateArray(), one =>
        {
            Assert.True(one.GetProperty("predictions_equal").GetBoolean());
            Assert.InRange(one.GetProperty("largest_difference").GetDouble(), 0, 1e-4);
        });
    }

    // 6 validation and 12 test items. Of the 8 · 6 + 2 · 12 passes of a search 64 are sampled, or all where there are fewer; 5 passes are 2 blocks, the first of which runs again in the third round.
    [Theory]
    [InlineData("search", new string[0], new[] { 64, 64 }, 6, 12)]
    [InlineData("search", new[] { "--quick", "--validation", "20", "--test", "50" }, new[] { (8 * 2) + (2 * 5), (8 * 2) + (2 * 5) }, 2, 5)]
    [InlineData("prefix", new[] { "--test", "5" }, new[] { 9 }, null, 5)]
    public async Task Items_and_passes_are_those_that_the_options_ask_for(string name, string[] more, int[] passes, int? validation, int test)
    {
        using var words = new Words();

        var document = await CommandLine.Json(words.Args("bench", ["--protocol", "default", "--dtype", "f32", "--cases", name, .. more]));

        var cases = document.GetProperty("cases").EnumerateArray().ToArray();
        Assert.Equal(passes, cases.Select(one => one.GetProperty("reference_passes").GetInt32()));
        Assert.All(cases, one => Assert.Equal(validation, one.GetProperty("validation") is { ValueKind: JsonValueKind.Number } count ? count.GetInt32() : null));
        Assert.All(cases, one => Assert.Equal(test, one.GetProperty("test").GetInt32()));
        Assert.Empty(document.GetProperty("cases_bf16").EnumerateArray());
    }

    [Fact]
    public async Task The_embedded_task_has_no_authors_protocol_and_is_measured_under_its_own()
    {
        var (exit, output, error) = await CommandLine.Run("bench", "--quick", "--cases", "full-pass", "--dtype", "f32", "--quiet");

        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("full-pass", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_is_a_table_of_the_cases()
    {
        using var words = new Words();

        var (exit, output, error) = await CommandLine.Run(words.Args("bench", "--protocol", "default", "--dtype", "bf16", "--cases", "prefix,full-pass"));

        Assert.Equal((0, ""), (exit, error));
        Assert.Matches(@"^tiny on words, default protocol, 2 demonstrations, seed 7\nbf16, kernels \(\w+\), 1 threads\n", output);
        Assert.Matches(@"\n +full-pass .*\n +prefix ", output);
        Assert.All(output.Split('\n')[..^2], line => Assert.True(line.Length <= 120, line));
    }

    [Theory]
    [InlineData("--cases", "search,prefixes", "prefixes")]
    [InlineData("--dtype", "f16", "f16")]
    [InlineData("--protocol", "mine", "mine")]
    public async Task A_value_that_is_none_is_refused(string option, string value, string found)
    {
        using var words = new Words();

        await CommandLine.Refuses(words.Args("bench", option, value), option, $"found '{found}'");
    }

    private static string Title(JsonElement one) =>
        string.Join(' ', new[] { "name", "module", "layer" }.Select(name => one.GetProperty(name)).Where(value => value.ValueKind != JsonValueKind.Null));
}
