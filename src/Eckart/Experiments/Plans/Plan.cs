using System.Collections.Immutable;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Experiments.Plans;

/// <summary>A sweep as it is written down: a grid, and what is to be made of it.</summary>
/// <remarks>Models × tasks × protocols × seeds × numbers of demonstrations are its episodes. In each, every intervention is a trial; or, where <see cref="Searches"/>, Algorithm 1 chooses among them
/// on validation and tests its choice.</remarks>
public sealed record Plan
{
    /// <summary>Short name, of its file too.</summary>
    public required string Name { get; init; }

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

    /// <summary>Items that trials run on, <c>validation</c> or <c>test</c>; a search takes both.</summary>
    public required string Split { get; init; }

    /// <summary>Validation items at most; null for the protocol's own number.</summary>
    public required int? Validation { get; init; }

    /// <summary>Test items at most; null for the protocol's own number.</summary>
    public required int? Test { get; init; }

    /// <summary>Modules of the grid.</summary>
    public required ImmutableArray<Module> Modules { get; init; }

    /// <summary>Layers of the grid.</summary>
    public required ImmutableArray<LayerSelection> Layers { get; init; }

    /// <summary>Clipping rates of the grid, ascending; 0, the unedited model, always among them.</summary>
    public required ImmutableArray<ClippingRate> Rates { get; init; }

    /// <summary>Layers that are left out, one at a time, beside the grid.</summary>
    public required ImmutableArray<LayerSelection> Drops { get; init; }

    /// <summary>Interventions besides those of the grid.</summary>
    public required ImmutableArray<Intervention> Interventions { get; init; }

    /// <summary>Whether Algorithm 1 chooses on validation and only its choice is tested.</summary>
    public required bool Searches { get; init; }
}
