using Eckart.Engine;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Tests.Engine;

/// <summary>Queries and interventions of all kinds for a model, drawn from a seed.</summary>
internal static class SomeRequests
{
    /// <summary>Queries with a common beginning, or none: one or several choices, of one or several tokens, with priors or for mean logits.</summary>
    public static IReadOnlyList<Query> Queries(ModelSpec spec, Random random, int count)
    {
        var shared = Ids(spec, random, random.Next(4) == 0 ? 0 : random.Next(1, 70));
        var kind = random.Next(4);
        return [.. Enumerable.Range(0, count).Select(i => kind switch
        {
            0 => new Query($"query {i}", i, 0, [.. Distinct(2, () => (int[])[.. shared, .. Ids(spec, random, random.Next(1, 9))]).Select(ids => new Continuation(ids, 0))], []),
            1 => Query(i, [7, .. shared, .. Ids(spec, random, random.Next(0, 20))], prior: [3, 5]),
            _ => Query(i, [7, .. shared, .. Ids(spec, random, random.Next(0, 20))], prior: null),
        })];

        Query Query(int i, int[] prompt, int[]? prior)
        {
            var choices = Distinct(random.Next(1, 5), () => Ids(spec, random, kind == 3 ? 1 : random.Next(1, 5)));
            return new Query(
                $"query {i}", i, 0,
                [.. choices.Select(choice => new Continuation((int[])[.. prompt, .. choice], choice.Length, choice.Length))],
                prior is null ? [] : [.. choices.Select(choice => new Continuation((int[])[.. prior, .. choice], choice.Length))]);
        }
    }

    /// <summary>None, and others of every kind: modules, single matrices, several layers, layers left out.</summary>
    public static IReadOnlyList<Intervention> Interventions(ModelSpec spec, Random random, int count)
    {
        var found = new List<Intervention> { Intervention.None };
        while (found.Count < count)
        {
            var edits = Enumerable.Range(0, random.Next(1, 3)).Select(_ => Edit(spec, random)).DistinctBy(edit => edit.Layer);
            found.Add(new Intervention([.. edits]).Resolve(spec));
        }

        return found;
    }

    private static Edit Edit(ModelSpec spec, Random random)
    {
        var layer = random.Next(spec.Layers);
        if (random.Next(6) == 0) return new LayerDrop(layer);
        Module[] modules = [.. Module.Known.Where(module => !module.In(spec).IsEmpty)];
        decimal[] rates = [0.1m, 0.3m, 0.5m, 0.75m, 0.9m, 0.995m];
        return new Truncation(modules[random.Next(modules.Length)], layer, new ClippingRate(rates[random.Next(rates.Length)]));
    }

    private static int[][] Distinct(int count, Func<int[]> draw)
    {
        var found = new List<int[]>();
        while (found.Count < count)
            if (draw() is var one && !found.Exists(other => other.AsSpan().SequenceEqual(one))) found.Add(one);
        return [.. found];
    }

    private static int[] Ids(ModelSpec spec, Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(spec.Vocabulary))];
}
