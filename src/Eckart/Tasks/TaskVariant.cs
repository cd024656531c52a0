using System.Collections.Immutable;
using System.Globalization;

namespace Eckart.Tasks;

/// <summary>A task under one protocol: everything that decides its prompts, rows and scores.</summary>
public sealed record TaskVariant
{
    /// <summary>Short name, also of its folder of data.</summary>
    public required string Name { get; init; }

    /// <summary>Raised whenever a prompt, a choice or a rule of the file changes.</summary>
    public required int Version { get; init; }

    /// <summary>One line for people.</summary>
    public required string Title { get; init; }

    /// <summary>The protocol.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>Where the data comes from.</summary>
    public required TaskSource Source { get; init; }

    /// <summary>Rows of each table as published, where known: other counts mean other splits.</summary>
    public required ImmutableSortedDictionary<string, int> PublishedRows { get; init; }

    /// <summary>The task's own table or folder of tables, absolute, or of a task of the library the name of embedded tables; null: looked for by name under the data folder.</summary>
    public required string? Data { get; init; }

    /// <summary>Folder of the task's own file, which <see cref="Data"/> and its tables must not leave; null for a task of the library.</summary>
    public required string? Folder { get; init; }

    /// <summary>Field that holds the label.</summary>
    public required string Label { get; init; }

    /// <summary>The choices in the order in which scores list them.</summary>
    public required ImmutableArray<TaskChoice> Choices { get; init; }

    /// <summary>What is asked, up to the choice.</summary>
    public required PromptTemplate Query { get; init; }

    /// <summary>One demonstration, with <c>{choice}</c> and all that follows it.</summary>
    public required PromptTemplate Demonstration { get; init; }

    /// <summary>What is asked where there is no demonstration; null: <see cref="Query"/>.</summary>
    public required PromptTemplate? ZeroShot { get; init; }

    /// <summary>What follows the choice.</summary>
    public required string End { get; init; }

    /// <summary>Demonstrations in a prompt unless said otherwise.</summary>
    public required int Shots { get; init; }

    /// <summary>How rows are drawn.</summary>
    public required SplitRules Split { get; init; }

    /// <summary>How choices are scored.</summary>
    public required Scoring Scoring { get; init; }

    /// <summary>The metric that decides.</summary>
    public required Metric Metric { get; init; }

    /// <summary>The layer whose rates a search tries unless said otherwise, or <c>all</c>; null for Algorithm 1's choice.</summary>
    public required string? Layer { get; init; }

    /// <summary>What the published code takes off the number of items before it divides by it; null where there is no published code to follow.</summary>
    public required int? PublishedShortfall { get; init; }

    /// <summary>Seed of the rows unless said otherwise.</summary>
    public long Seed => Split.Seed;

    /// <summary>What the published code divides the number of right answers by.</summary>
    /// <param name="count">Items evaluated.</param>
    /// <returns>Null where there is no published code to follow.</returns>
    public int? PublishedDivisor(int count) => count - PublishedShortfall;

    /// <summary>Choices that a query ends right before, where scripts with capitals have a space: no model would have written them so.</summary>
    internal IEnumerable<string> Notes() =>
        from choice in Choices
        where choice.Text.Source is [var first, ..] && (char.IsUpper(first) || char.IsLower(first) || char.IsDigit(first)) && Query.Source is [.., var last] && (char.IsLetterOrDigit(last) || ":;,.?!>)}".Contains(last))
        select $"{Name}: choice '{choice}' follows the prompt with no space between: if one belongs there, write ' {choice}'";

    /// <summary>As trial ids and reports have it, e.g. <c>sst2/1/authors</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}/{Version}/{Protocol.ToString().ToLowerInvariant()}");
}
