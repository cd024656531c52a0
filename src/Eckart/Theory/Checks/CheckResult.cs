namespace Eckart.Theory.Checks;

/// <summary>What became of a statement.</summary>
/// <param name="Name">Of the statement.</param>
/// <param name="Claim">What it says.</param>
/// <param name="Trials">Instances made.</param>
/// <param name="Violations">Instances in which it fails.</param>
/// <param name="LargestError">Over the instances.</param>
/// <param name="Holds">No more violations than the statement allows, and no counterexample known.</param>
/// <param name="Expected">Whether it is known to hold.</param>
/// <param name="Note">What a reader should know.</param>
/// <param name="Counterexample">Made by hand where one is known, else the instance of the largest error; null where it holds.</param>
public sealed record CheckResult(string Name, string Claim, int Trials, int Violations, double LargestError, bool Holds, bool Expected, string Note, string? Counterexample)
{
    /// <summary>Whether the checker found what is known.</summary>
    public bool AsExpected => Holds == Expected;
}
