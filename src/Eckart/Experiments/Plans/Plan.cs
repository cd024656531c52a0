using System.Collections.Immutable;
using Eckart.Engine;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Experiments.Plans;

/// <summary>A sweep as it is written down: a grid, and what is to be made of it.</summary>
/// <remarks>Models × tasks × protocols × seeds × numbers and orders of demonstrations are its episodes. In each, every intervention is a trial; or, where <see cref="Searches"/>, Algorithm 1 chooses among them
/// on validation and tests its choice.</remarks>
public sealed record Plan
{
    /// <summary>Short name, of its file too.</summary>
    public required string Name { get; init; }

    /// <summary>What is measured.</summary>
    public PlanMeasure Measure { get; init; } = PlanMeasure.Accuracy;

    /// <summary>One line for people.</summary>
    public required string Title { get; init; }

    /// <summary>The figure and tables of the paper that it is for; empty for none.</summary>
    public required string Paper { get; init; }

    /// <summary>Models, as <c>--model</c> takes them.</summary>
    public required ImmutableArray<string> Models { get; init; }

    /// <summary>Tasks, as <c>--task</c> takes them.</summary>
    public required ImmutableArray<string> Tasks { get; init; }

    /// <summary>The tasks instead of those, where a model is given that is not the plan's own.</summary>
    public required ImmutableArray<string> TasksOfOtherModels { get; init; }

    /// <summary>Protocols.</summary>
    public required ImmutableArray<Protocol> Protocols { get; init; }

    /// <summary>Seeds; empty for each task's own.</summary>
    public required ImmutableArray<long> Seeds { get; init; }

    /// <summary>Numbers of demonstrations; empty for each task's own.</summary>
    public required ImmutableArray<int> Shots { get; init; }

    /// <summary>Orders of the demonstrations: 0 for that in which they were sampled, others for seeded permutations; empty for 0.</summary>
    public ImmutableArray<long> Orders { get; init; } = [];

    /// <summary>Items that trials run on, <c>validation</c>, <c>test</c> or <c>both</c>; a search takes both.</summary>
    public required string Split { get; init; }

    /// <summary>Validation items at most; null for the protocol's own number.</summary>
    public required int? Validation { get; init; }

    /// <summary>Test items at most; null for the protocol's own number.</summary>
    public required int? Test { get; init; }

    /// <summary>Modules of the grid.</summary>
    public required ImmutableArray<Module> Modules { get; init; }

    /// <summary>Layers of the grid; in a search none for what the task's file says, or else Algorithm 1's choice.</summary>
    public required ImmutableArray<LayerSelection> Layers { get; init; }

    /// <summary>Clipping rates of the grid, ascending; 0, the unedited model, always among them.</summary>
    public required ImmutableArray<ClippingRate> Rates { get; init; }

    /// <summary>Layers that are left out, one at a time, beside the grid.</summary>
    public required ImmutableArray<LayerSelection> Drops { get; init; }

    /// <summary>Interventions besides those of the grid.</summary>
    public required ImmutableArray<Intervention> Interventions { get; init; }

    /// <summary>Whether Algorithm 1 chooses on validation and only its choice is tested.</summary>
    public required bool Searches { get; init; }

    /// <summary>How Algorithm 1 ranks layers where it chooses one.</summary>
    public LayerRanking Ranking { get; init; } = new();

    /// <summary>In a search: numbers of demonstrations after which the unedited and the chosen model are tested too.</summary>
    public ImmutableArray<int> ByShots { get; init; } = [];

    /// <summary>How matrices are decomposed; null for each protocol's own way.</summary>
    public SvdKind? Svd { get; init; }

    /// <summary>Which engine scores.</summary>
    public EngineKind Engine { get; init; }

    /// <summary>Type of the models' products, as trials have it: <c>f32</c>, <c>bf16</c>, off the CPU with the device's kind, <c>f32/cuda</c>; null for what the process that runs it is told.</summary>
    public string? Dtype { get; init; }

    /// <summary>Tokens that are run at once, about; null for what the process that runs it is told.</summary>
    public int? ChunkTokens { get; init; }

    /// <summary>Level of intervals and verdicts, in (0, 1).</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Whether the unedited model is left out of the interventions.</summary>
    public bool Alone { get; init; }

    /// <summary>Functions that are learnt, where those are measured.</summary>
    public int Functions { get; init; } = UsualFunctions;

    /// <summary><see cref="Functions"/> unless a plan says otherwise.</summary>
    public const int UsualFunctions = 640;
}
