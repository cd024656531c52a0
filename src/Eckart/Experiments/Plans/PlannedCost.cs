namespace Eckart.Experiments.Plans;

/// <summary>What a piece of a plan should take on this machine, part by part; each part is a small piece of it that was timed, scaled, as if every worker had a processor. Opening models and making reports are not in it.</summary>
/// <param name="Operations">Of its walk, each multiplication with its addition counted as two.</param>
/// <param name="Walk">Those operations, at the rate that a walk over the model's second layer reached.</param>
/// <param name="Decompositions">Of the matrices that are truncated, each once for a model; less where the cache has them already.</param>
/// <param name="Prompts">Rendering the items and turning them into tokens.</param>
/// <param name="Lines">Measuring trials and writing them down.</param>
public sealed record PlannedCost(long Operations, TimeSpan Walk, TimeSpan Decompositions, TimeSpan Prompts, TimeSpan Lines)
{
    /// <summary>Nothing.</summary>
    public static PlannedCost None { get; } = new(0, default, default, default, default);

    /// <summary>All parts, one after another.</summary>
    public TimeSpan Total => Walk + Decompositions + Prompts + Lines;

    /// <summary>Both together.</summary>
    public static PlannedCost operator +(PlannedCost a, PlannedCost b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return new(a.Operations + b.Operations, a.Walk + b.Walk, a.Decompositions + b.Decompositions, a.Prompts + b.Prompts, a.Lines + b.Lines);
    }

    /// <summary>Both together.</summary>
    public PlannedCost Add(PlannedCost other) => this + other;
}
