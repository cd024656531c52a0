using Eckart.Tests.Support;
using Eckart.Theory.Checks;

namespace Eckart.Tests.Theory.Checks;

public sealed class StatementsTests
{
    public static TheoryData<string> Names => [.. Statements.All.Select(check => check.Name)];

    private static TheoryCheck Find(string name) => Statements.All.Single(check => check.Name == name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_statement_fares_as_is_known_whatever_the_seed(string name) => Assert.All(new long[] { 2, 3 }, seed =>
    {
        var result = new Verification(60, seed).Run(Find(name), TestContext.Current.CancellationToken);

        Assert.True(result.AsExpected, $"seed {seed}: {result}");
        Assert.Equal(result.Holds, result.Counterexample is null);
    });

    [Fact]
    public void Names_are_unique() => Assert.Equal(Statements.All.Length, Statements.All.Select(check => check.Name).Distinct().Count());

    [Fact]
    public void One_trial_gives_the_same_verdicts() =>
        Assert.All(Statements.All, check => Assert.True(new Verification(1, 5).Run(check, TestContext.Current.CancellationToken).AsExpected, check.Name));

    [Fact]
    public void Equal_seeds_give_equal_results_and_others_do_not()
    {
        var check = Find("F3-K");

        CheckResult Run(long seed) => new Verification(100, seed).Run(check, TestContext.Current.CancellationToken);

        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1).LargestError, Run(2).LargestError);
    }

    // A checker that finds nothing wrong with anything would pass every test above that expects a statement to hold.
    [Fact]
    public void A_statement_that_is_off_by_one_is_found_out()
    {
        var wrong = Find("assumption-1-covariance") with { Trial = random => CheckTrial.Equal(1, 1) };

        var result = new Verification(1, 1).Run(wrong, TestContext.Current.CancellationToken);

        Assert.False(result.Holds);
        Assert.False(result.AsExpected);
    }

    // The rates that an independent implementation saw in 2,000 instances of one shape: of the same order here, over shapes from 3 to 7.
    [Theory]
    [InlineData("F3-K", 512)]
    [InlineData("F3-all", 241)]
    [InlineData("F4-V", 551)]
    [InlineData("F4-K", 544)]
    [InlineData("F5-in-relu", 537)]
    [InlineData("F6-Q", 909)]
    [InlineData("F6-K", 865)]
    public void Failures_are_as_frequent_as_elsewhere(string name, int elsewhere)
    {
        var result = new Verification(2000, 4).Run(Find(name), TestContext.Current.CancellationToken);

        Assert.InRange(result.Violations, elsewhere / 2, elsewhere * 2);
    }

    [Fact]
    public void Counterexamples_by_hand_have_the_published_numbers()
    {
        Assert.Contains("‖ΔW‖_F² = 4, UB = 2", Find("F2-printed").Counterexample!().Instance, StringComparison.Ordinal);
        Assert.Contains("from 0.1621 to 1.0000, UB from 3.654 to 2.010", Find("F3-K").Counterexample!().Instance, StringComparison.Ordinal);
    }

    [Fact]
    public void No_trials_are_refused() => Refused.With(() => new Verification(0, 1).Run(Find("mask"), TestContext.Current.CancellationToken), "trials", "expected at least 1, found 0");
}
