using Eckart.Statistics;

namespace Eckart.Theory.Checks;

/// <summary>One statement, and how an instance of it is made and judged.</summary>
/// <param name="Name">Short, unique; the statement's place in the paper, or that of its defect.</param>
/// <param name="Claim">What it says, in a sentence.</param>
/// <param name="Trial">Makes an instance of what a stream gives, and judges it.</param>
public sealed record TheoryCheck(string Name, string Claim, Func<SplitMix64, CheckTrial> Trial)
{
    /// <summary>Whether it is known to hold: a run that finds otherwise is the checker's failure, not the statement's.</summary>
    public bool Expected { get; init; } = true;

    /// <summary>Share of instances that may be violated where a statement is about chance; 0 for all others.</summary>
    public double Allowed { get; init; }

    /// <summary>Of how many instances one is made, where an instance is much work.</summary>
    public int OneIn { get; init; } = 1;

    /// <summary>What a reader should know beside the verdict; empty for nothing.</summary>
    public string Note { get; init; } = "";

    /// <summary>An instance made by hand that is violated; null where none is known.</summary>
    public Func<CheckTrial>? Counterexample { get; init; }
}
