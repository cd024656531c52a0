using Eckart.Experiments;
using Eckart.Tests.Support;
using Eckart.Tests.Support.Mutations;

namespace Eckart.Tests.Experiments;

public sealed class JournalMutationTests
{
    private static readonly byte[] First = SomeTrial.Of("none").ToJson();

    private static readonly byte[] Whole = [.. First, (byte)'\n', .. SomeTrial.Of().ToJson(), (byte)'\n'];

    [Fact]
    public void Two_thousand_damaged_journals_are_read_right_or_refused() => new MutationRun("trials.jsonl", Mutate, Read).Of(2_000);

    [LongFact]
    public void A_hundred_thousand_damaged_journals_are_read_right_or_refused() => new MutationRun("trials.jsonl", Mutate, Read).Of(100_000);

    private static Mutation Mutate(Random random)
    {
        if (random.Next(2) == 0) return new ByteMutator(random, [Whole]).Mutate(Whole, Whole.Length, []);
        var mutation = new JsonMutator(random).Mutate(First);
        return mutation with { Bytes = [.. mutation.Bytes, .. Whole.AsSpan(First.Length)] };
    }

    // What is read is a trial whose numbers follow from its scores, though others than were written.
    private static Action Read(string path, Mutation mutation)
    {
        var contents = Journal.Read(Path.GetDirectoryName(path)!);
        return () => Assert.All(contents.Trials, trial =>
        {
            var again = Trial.From(trial.Key, trial.Ranks, trial.Scores, trial.Gold, trial.Rows);
            Assert.Equal((again.Id, again.Intervention, again.Split, again.N, again.Correct, again.Accuracy), (trial.Id, trial.Intervention, trial.Split, trial.N, trial.Correct, trial.Accuracy));
        });
    }
}
