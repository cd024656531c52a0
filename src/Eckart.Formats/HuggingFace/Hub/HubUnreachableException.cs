namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>The tries are used up. Who has something to go on with catches it; others pass the problem on.</summary>
internal sealed class HubUnreachableException(InputException problem) : Exception(problem.Message, problem)
{
    public InputException Problem { get; } = problem;
}
