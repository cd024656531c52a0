using Eckart.Engine;
using Eckart.Pruning;

namespace Eckart.Cli;

/// <summary>One piece of work that the engine and the reference are set to.</summary>
/// <param name="Name">What it is, as <c>--cases</c> has it.</param>
/// <param name="Requests">What is timed; the engine gets all of it at once.</param>
internal sealed record BenchCase(string Name, IReadOnlyList<ScoreRequest> Requests)
{
    public Module? Module { get; init; }

    public int? Layer { get; init; }

    public int? Validation { get; init; }

    public int? Test { get; init; }

    /// <summary>What an engine has done before, untimed, knowing that <see cref="Requests"/> come next.</summary>
    public IReadOnlyList<ScoreRequest> Before { get; init; } = [];

    /// <summary>What the engine is told may come next.</summary>
    public IReadOnlyList<ScoreRequest> Later { get; init; } = [];

    /// <summary>What is timed too, chosen by the answers to <see cref="Requests"/>; null for nothing.</summary>
    public Func<IReadOnlyList<TrialScores>, ScoreRequest>? Then { get; init; }

    /// <summary>Name and module.</summary>
    public string Title => Module is null ? Name : $"{Name} {Module}";
}
