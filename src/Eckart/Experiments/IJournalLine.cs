namespace Eckart.Experiments;

/// <summary>One finished piece of a run, a line of its journal: a <see cref="Trial"/>, the spectrum of a matrix, or a learner's errors.</summary>
public interface IJournalLine
{
    /// <summary>Hash of everything that decides the line's numbers.</summary>
    string Id { get; }

    /// <summary>What it is of, for messages.</summary>
    string Label { get; }

    /// <summary>The line, without its end; no time in it, so that equal lines are equal bytes.</summary>
    byte[] ToJson();
}
