namespace Eckart.Tasks;

/// <summary>How much of a task is wanted; null leaves it to the task and its protocol.</summary>
/// <param name="Shots">Demonstrations in a prompt: the first so many of those sampled.</param>
/// <param name="Seed">Of the rows.</param>
/// <param name="Validation">At most so many items, spread evenly over the split; <see cref="All"/> for all.</param>
/// <param name="Test">At most so many items, spread evenly over the split; <see cref="All"/> for all.</param>
/// <param name="Order">Seed of another order of the demonstrations; null for the order in which they were sampled.</param>
public sealed record SampleSize(int? Shots = null, long? Seed = null, int? Validation = null, int? Test = null, long? Order = null)
{
    /// <summary>No limit.</summary>
    public const int All = int.MaxValue;

    /// <summary>Validation items that <see cref="Protocol.Default"/> takes at most: enough to tell rates apart, few enough for a CPU.</summary>
    public const int UsualValidation = 1_000;

    /// <summary>Test items that <see cref="Protocol.Default"/> takes at most.</summary>
    public const int UsualTest = 2_000;
}
