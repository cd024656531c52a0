using System.Globalization;

namespace Eckart.Tests.Reporting.Page;

/// <summary>A large sweep of made-up trials: 30 layers, two modules and seven rates in each episode, 64 queries.</summary>
internal static class ManyTrials
{
    private const int Queries = 64;
    private static readonly string[] Rates = ["0.1", "0.5", "0.75", "0.9", "0.95", "0.99", "0.995"];

    public static SomeRun Of(int count)
    {
        var run = new SomeRun();
        var random = new Random(1);
        var gold = Digits(random, 0.5);
        for (var added = 0; added < count;)
        {
            var task = string.Create(CultureInfo.InvariantCulture, $"task-{added / 421}");
            foreach (var edit in Edits().Take(count - added))
            {
                var trial = run.Add(edit, Digits(random, 0.3), gold, task: task);
                if (edit == "none") run.Texts(trial, [.. Enumerable.Range(0, Queries).Select(i => $"{task}: an item of some length that is asked about, number {i}, with a little more behind it")]);
                added++;
            }
        }

        return run.Written();
    }

    private static IEnumerable<string> Edits() =>
        new[] { "none" }.Concat(from layer in Enumerable.Range(0, 30) from module in new[] { "attention", "mlp" } from rate in Rates select string.Create(CultureInfo.InvariantCulture, $"{module}@{layer}:{rate}"));

    private static string Digits(Random random, double ones) => string.Concat(Enumerable.Range(0, Queries).Select(_ => random.NextDouble() < ones ? '1' : '0'));
}
