namespace Eckart.Tasks;

/// <summary>Paths that must stay in a folder, whatever links lie on their way.</summary>
internal static class ConfinedPath
{
    // As the kernel of Linux counts them: more links than that are taken for a loop.
    private const int MostLinks = 40;

    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>Whether what the path leads to lies below the folder once every link of both is followed; what does not exist yet is taken as it is written.</summary>
    public static bool Holds(string folder, string path) =>
        Followed(folder) is { } root && Followed(path) is { } real
        && real.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>What a path leads to once every link on its way is followed; null where links lead in a circle or cannot be read.</summary>
    public static string? Followed(string path)
    {
        var full = Path.GetFullPath(path);
        var (real, names, links) = (Path.GetPathRoot(full)!, new Stack<string>(), 0);
        Push(names, full[real.Length..]);
        while (names.TryPop(out var name))
        {
            if (name is "." or "..")
            {
                if (name == "..") real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, name);
            if (!TryTarget(next, out var target)) return null;
            if (target is null)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks) return null;
            if (Path.IsPathRooted(target)) real = Path.GetPathRoot(target)!;
            Push(names, target[(Path.GetPathRoot(target)?.Length ?? 0)..]);
        }

        return real;
    }

    private static void Push(Stack<string> names, string path)
    {
        foreach (var name in path.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Reverse()) names.Push(name);
    }

    private static bool TryTarget(string path, out string? target)
    {
        try
        {
            target = new FileInfo(path).LinkTarget;
            return true;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            target = null;
            return false;
        }
    }
}
