namespace Eckart.Formats;

/// <summary>Input that cannot be used: a file, a row, an option. The command line prints a line a problem and exits 2.</summary>
public sealed class InputException : Exception
{
    /// <summary>One problem in the three parts that every message has.</summary>
    /// <param name="where">File and tensor, key or line; or the option.</param>
    /// <param name="found">What was expected and what was found.</param>
    /// <param name="remedy">What to do about it.</param>
    /// <param name="inner">What the library below said, if it said anything.</param>
    public InputException(string where, string found, string remedy, Exception? inner = null)
        : this([new Problem(where, found, remedy)], inner)
    {
    }

    /// <summary>Several problems of one file, reported together.</summary>
    /// <param name="problems">At least one, in the file's order.</param>
    /// <param name="inner">What the library below said, if it said anything.</param>
    public InputException(IReadOnlyList<Problem> problems, Exception? inner = null)
        : base(string.Join(Environment.NewLine, problems), inner) => Problems = problems;

    /// <summary>The problems, in the file's order.</summary>
    public IReadOnlyList<Problem> Problems { get; }
}
