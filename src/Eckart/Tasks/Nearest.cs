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

    // Levenshtein, a row at a time, without regard to case.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var same = char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + (same ? 0 : 1), 1 + Math.Min(row[j], row[j - 1])));
            }
        }
        return row[to.Length];
    }
}
