using Eckart.Formats;

namespace Eckart.Tasks;

/// <summary>Everything that is wrong with one file, gathered so that a user sees it at once.</summary>
/// <param name="path">The file, as messages name it.</param>
internal sealed class ProblemList(string path)
{
    /// <summary>Problems kept; of the others only the number is told.</summary>
    private const int Most = 100;

    private readonly List<(int Line, Problem Problem)> kept = [];
    private readonly HashSet<(int Line, string Found)> seen = [];

    /// <summary>Adds a problem, unless it is there already: what protocols share is read once for each.</summary>
    public void Report(int line, string found, string remedy)
    {
        if (seen.Add((line, found)) && kept.Count < Most) kept.Add((line, new Problem($"{path}:{line}", found, remedy)));
    }

    /// <summary>Ends reading where there is any problem.</summary>
    /// <exception cref="InputException">The first of them to be reported, in the file's order, and how many more there are.</exception>
    public void ThrowIfAny()
    {
        if (kept.Count == 0) return;

        var problems = kept.OrderBy(entry => entry.Line).Select(entry => entry.Problem).ToList();
        if (seen.Count > kept.Count) problems.Add(new Problem(path, $"expected no problem, found {seen.Count - kept.Count} more", "correct those above first"));
        throw new InputException(problems);
    }
}
