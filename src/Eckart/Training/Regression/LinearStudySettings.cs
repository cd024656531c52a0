namespace Eckart.Training.Regression;

/// <summary>How a linear attention model is held to the theory.</summary>
public sealed record LinearStudySettings
{
    /// <summary>Prompts: functions with their demonstrations.</summary>
    public int Prompts { get; init; } = 200;

    /// <summary>Fresh points of a function, on which its true error is measured.</summary>
    public int FreshPoints { get; init; } = 100;

    /// <summary>b: demonstrations that a prompt shows of its N; half of them where this is null.</summary>
    public int? Given { get; init; }

    /// <summary>Of the prompts.</summary>
    public long Seed { get; init; } = 1;
}
