namespace Eckart.Tasks;

/// <summary>Suggestions for names that do not exist.</summary>
public static class Nearest
{
    /// <summary>What to say of an unknown name: the nearest known one where it is near, else all of them.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="known">What exists.</param>
    /// <returns><c>did you mean 'query'?</c>, <c>use one of 'a', 'b'</c>, or <c>remove it</c> where nothing exists.</returns>
    public static string Hint(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        var candidates = known.Select(candidate => (Name: candidate, Distance: Distance(name, candidate))).ToList();
        if (candidates.Count == 0) return "remove it";

        var nearest = candidates.MinBy(candidate => candidate.Distance);
        return nearest.Distance <= Math.Max(1, name.Length / 3)
            ? $"did you mean '{nearest.Name}'?"
            : $"use one of {string.Join(", ", candidates.Select(candidate => $"'{candidate.Name}'"))}";
    }

    // Edits from one to the other, without regard to case: letters put in, left out or replaced, and neighbours that changed places (Damerau's, of which no letter takes part in two).
    private static int Distance(string from, string to)
    {
        from = from.ToLowerInvariant();
        to = to.ToLowerInvariant();
        var edits = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            for (var j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }

                edits[i, j] = Math.Min(edits[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1), 1 + Math.Min(edits[i - 1, j], edits[i, j - 1]));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }

        return edits[from.Length, to.Length];
    }
}
