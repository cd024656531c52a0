using System.Collections.Immutable;

namespace Eckart.Tasks;

/// <summary>How demonstrations, validation and test are drawn from a task's tables.</summary>
/// <param name="Seed">Of the shuffle; the same for every table.</param>
/// <param name="Classes">Labels that are drawn alike, in the order in which classes follow each other.</param>
/// <param name="Demonstrations">Null: the task has none.</param>
/// <param name="Validation">Rows that the search may look at.</param>
/// <param name="Test">Rows that it may not.</param>
public sealed record SplitRules(long Seed, ImmutableArray<ImmutableArray<string>> Classes, DemonstrationRule? Demonstrations, SplitRule Validation, SplitRule Test);

/// <summary>Demonstrations: rows of each class of the shuffled table.</summary>
/// <param name="From">Table, e.g. <c>train</c>; <see cref="SplitRule.OneTable"/> where the task has a single one.</param>
/// <param name="PerClass">Rows of each class.</param>
/// <param name="Skip">Rows of each class passed over before them.</param>
/// <param name="Turn">Choices whose demonstrations follow each other in turn; empty: the classes in turn, as sampled.</param>
public sealed record DemonstrationRule(string From, int PerClass, int Skip, ImmutableArray<int> Turn);

/// <summary>Validation or test: all rows, so many of each class, the first so many, or what the other parts leave.</summary>
/// <param name="From">Table, e.g. <c>validation</c>; <see cref="OneTable"/> where the task has a single one.</param>
/// <param name="PerClass">Rows of each class; null: no such limit.</param>
/// <param name="Skip">Rows of each class passed over before them.</param>
/// <param name="Count">Rows in all that no earlier part took; null: no such limit.</param>
/// <param name="Rest">All rows that no earlier part took.</param>
/// <param name="Order">Order of the rows.</param>
public sealed record SplitRule(string From, int? PerClass, int Skip, int? Count, bool Rest, RowOrder Order)
{
    /// <summary>Name of the table of a task that has a single one.</summary>
    public const string OneTable = "data";

    /// <summary>Neither a number of rows nor the rest: the whole table.</summary>
    public bool All => PerClass is null && Count is null && !Rest;
}

/// <summary>Order of the rows of a split.</summary>
public enum RowOrder
{
    /// <summary>As in the table.</summary>
    File,

    /// <summary>As shuffled by the seed.</summary>
    Shuffled,

    /// <summary>One class after the other, each as shuffled.</summary>
    Class,
}
