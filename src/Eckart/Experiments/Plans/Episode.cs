using Eckart.Tasks;

namespace Eckart.Experiments.Plans;

/// <summary>One cell of a plan's grid: everything that its prompts depend on.</summary>
/// <param name="Model">As <c>--model</c> takes it.</param>
/// <param name="Task">As <c>--task</c> takes it.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Seed">Of the rows; null for the task's own.</param>
/// <param name="Shots">Demonstrations; null for the task's own.</param>
/// <param name="Order">Seed of another order of the demonstrations; null for the order in which they were sampled.</param>
public sealed record Episode(string Model, string Task, Protocol Protocol, long? Seed, int? Shots, long? Order)
{
    /// <summary>The task and how much of it.</summary>
    /// <param name="plan">Says how many items.</param>
    /// <param name="data">Folder with one folder a task; null where none is named.</param>
    /// <exception cref="Formats.InputException">No such task, or a file of one that is malformed.</exception>
    public TaskSettings Settings(Plan plan, string? data)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new TaskSettings(TaskLibrary.Load(Task).For(Protocol), data, new SampleSize(Shots, Seed, plan.Validation, plan.Test, Order), plan.Svd);
    }
}
