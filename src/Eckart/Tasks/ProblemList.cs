using Eckart.Formats;

namespace Eckart.Tasks;

/// <summary>Everything that is wrong with one file, gathered so that a user sees it at once.</summary>
/// <param name="path">The file, as messages name it.</param>
internal sealed class ProblemList(string path)
{
    private readonly List<(int Line, Problem Problem)> problems = [];

    /// <summary>Adds a problem, unless it is there already: what protocols share is read once for each.</summary>
    public void Report(int line, string found, string remedy)
    {
        var problem = new Problem($"{path}:{line}", found, remedy);
        if (!problems.Contains((line, problem))) problems.Add((line, problem));
    }

    /// <summary>Ends reading where there is any problem.</summary>
    /// <exception cref="InputException">All of them, in the file's order.</exception>
    public void ThrowIfAny()
    {
        if (problems.Count > 0) throw new InputException([.. problems.OrderBy(entry => entry.Line).Select(entry => entry.Problem)]);
    }
}
