namespace Eckart.Tasks;

/// <summary>One choice of a query as tokens: everything the model reads, and how much of its end is the choice's own.</summary>
/// <param name="Ids">The whole sequence, special tokens included; not to be changed.</param>
/// <param name="Own">Tokens at the end that are scored; 0 where all positions are (mean-logit).</param>
/// <param name="Divisor">What the sum of the own tokens' log-probabilities is divided by.</param>
public sealed record Continuation(ReadOnlyMemory<int> Ids, int Own, double Divisor = 1)
{
    /// <summary>What a model must read to score it: all but the last token, or all where every position counts.</summary>
    public ReadOnlyMemory<int> Input => Own == 0 ? Ids : Ids[..^1];
}
