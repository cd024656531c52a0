namespace Eckart.Formats.Tables;

/// <summary>A folder that holds one table a split: <c>train.jsonl.gz</c>, <c>validation.csv</c>, ….</summary>
public static class SplitFolder
{
    /// <summary>The one file that holds a split.</summary>
    /// <param name="folder">The folder; need not exist.</param>
    /// <param name="split">The split's name, e.g. <c>train</c>.</param>
    /// <param name="obtain">What a user who lacks the file does; ends the message.</param>
    /// <exception cref="InputException">No such file, or several: then it cannot be known which is meant.</exception>
    public static string Find(string folder, string split, string obtain = "put the table there")
    {
        string[] candidates = [.. TableFile.Extensions.Select(extension => Path.Combine(folder, split + extension))];
        string[] present = [.. candidates.Where(File.Exists)];
        return present switch
        {
            [var one] => one,
            [] => throw new InputException(folder, $"expected one of {Names(candidates)}, found none", obtain),
            _ => throw new InputException(folder, $"expected one table for '{split}', found {Names(present)}", "remove all but one"),
        };
    }

    private static string Names(IEnumerable<string> paths) => string.Join(", ", paths.Select(Path.GetFileName));
}
