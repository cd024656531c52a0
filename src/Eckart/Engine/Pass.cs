using Eckart.Tasks;

namespace Eckart.Engine;

/// <summary>One sequence that the model reads, and the continuations of a query that it serves: all whose input it begins with.</summary>
/// <param name="Input">Token ids.</param>
/// <param name="Served">The continuations, by their place in the query's list.</param>
internal sealed record Pass(ReadOnlyMemory<int> Input, IReadOnlyList<int> Served)
{
    /// <summary>As few passes as serve all continuations; choices of one token share the prompt's.</summary>
    public static IReadOnlyList<Pass> For(IReadOnlyList<Continuation> continuations)
    {
        var passes = new List<(ReadOnlyMemory<int> Input, List<int> Served)>();
        foreach (var i in Enumerable.Range(0, continuations.Count).OrderByDescending(i => continuations[i].Input.Length))
        {
            var input = continuations[i].Input;
            var known = continuations[i].Own == 0 ? -1 : passes.FindIndex(pass => pass.Input.Span.StartsWith(input.Span));
            if (known >= 0) passes[known].Served.Add(i);
            else passes.Add((input, [i]));
        }

        return [.. passes.Select(pass => new Pass(pass.Input, pass.Served))];
    }
}
