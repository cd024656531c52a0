using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using Eckart.Experiments.Plans;

namespace Eckart.Tests.Experiments.Plans;

public sealed partial class PlanTextTests
{
    private const string OtherModels = "tasks-of-other-models";     // decided by the options before a run: not kept

    private static readonly string[] Texts =
    [
        """
        name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        title: "two\nlines, 'one' \"quoted\": é # \u2028 \\ \t end "
        paper: 'Figure 1'
        models: ['a: b', '#x', "tab\there", 'it''s', ' edge ']
        tasks: ['- a', 'null', '1e5', '[x]']
        protocols: [authors, default, paper]
        seeds: [0, 9223372036854775807]
        shots: [0, 2147483647]
        orders: [9223372036854775807, 0]
        split: both
        validation: all
        test: 1000000
        modules: [mlp, attention, query]
        layers: [all, first 2147483647, last 1, chosen, -2147483648]
        rates: [0.000000000000000001, 0.999999999999999999]
        drop: [first 1, -1]
        interventions: ['mlp@-1:0.999999999999999999+attention@0:0.5', none, drop@26]
        alone: true
        top-k: 1000000
        aggregate: geometric
        indicator: effective-rank
        svd: randomized
        engine: reference
        dtype: bf16/cuda
        chunk-tokens: 2147483647
        alpha: 1e-300
        """,
        "{name: a, search: true, modules: [all], by-shots: [0, 2147483647], validation: 1, test: all, dtype: f32, chunk-tokens: 1, alpha: 0.00001}",
        "{name: a, drop: all, split: validation, alpha: 0.0000999, svd: exact}",
        "{name: a, measure: spectra, models: [x], modules: [gate, up]}",
        "{name: a, measure: functions, seeds: [0, 7], modules: down, layers: all, rates: 0.1, drop: 0, interventions: 'up@0:0.5', dtype: bf16, alpha: 0.99999999999999989, functions: 1000000}",
    ];

    public static TheoryData<string> Plans => [.. Texts];

    [Theory]
    [MemberData(nameof(Plans))]
    public void A_plan_is_read_back_as_it_was(string text)
    {
        var plan = PlanFile.Parse(text, "plan.yaml");

        var kept = PlanText.Of(plan);
        var read = PlanFile.Parse(kept, PlanText.FileName);

        foreach (var property in typeof(Plan).GetProperties().Where(property => property.Name != nameof(Plan.TasksOfOtherModels)))
            Assert.Equal($"{property.Name}: {Written(property.GetValue(plan))}", $"{property.Name}: {Written(property.GetValue(read))}");
        Assert.Equal(kept, PlanText.Of(read));
    }

    [Fact]
    public void Every_key_is_among_them() =>
        Assert.Equal(PlanFile.Keys.Where(key => key != OtherModels).Order(), Texts.SelectMany(text => Keys().Matches(text)).Select(key => key.Groups[1].Value).Distinct().Order());

    private static string Written(object? value) => value switch
    {
        string text => text,
        IEnumerable list => string.Join(" | ", list.Cast<object>().Select(Written)),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "null",
    };

    [GeneratedRegex(@"(?:^|[{,] ?)([a-z-]+): ", RegexOptions.Multiline)]
    private static partial Regex Keys();
}
