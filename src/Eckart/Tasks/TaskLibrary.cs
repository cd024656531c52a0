using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using Eckart.Formats;

namespace Eckart.Tasks;

/// <summary>The tasks that come with the library, and those in files of one's own.</summary>
public static class TaskLibrary
{
    private const string Folder = "tasks/";
    private const string Extension = ".yaml";
    private const int LongestFile = 1 << 20;

    /// <summary>Names of the tasks that come with the library, sorted.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        .. typeof(TaskLibrary).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Loads a task of the library by its name, or one's own by the path of its file.</summary>
    /// <param name="nameOrPath">One of <see cref="Names"/>, or a path that ends in <c>.yaml</c> or <c>.yml</c>.</param>
    /// <exception cref="InputException">No such task, or everything that is wrong with the file.</exception>
    public static TaskDefinition Load(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (nameOrPath.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || nameOrPath.EndsWith(".yml", StringComparison.OrdinalIgnoreCase))
            return TaskFile.Parse(FromFile(nameOrPath), nameOrPath, Path.GetDirectoryName(Path.GetFullPath(nameOrPath)));
        if (!Names.Contains(nameOrPath))
            throw new InputException($"task '{nameOrPath}'", "expected the name of a task or the path of a .yaml file, found neither", Nearest.Hint(nameOrPath, Names));

        using var stream = typeof(TaskLibrary).Assembly.GetManifestResourceStream(Folder + nameOrPath + Extension)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return TaskFile.Parse(reader.ReadToEnd(), nameOrPath + Extension, folder: null);
    }

    private static string FromFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) throw new InputException(path, "expected a task's file, found none", "check the path");
            if (file.Length > LongestFile) throw new InputException(path, $"expected at most {LongestFile >> 20} MiB, found {file.Length} bytes", "give a task's file, not its data");
            var bytes = File.ReadAllBytes(path);
            return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF') : throw new InputException(path, "expected UTF-8, found bytes that are not", "save the file as UTF-8");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, "expected a file that can be read, found one that cannot", "check its permissions", refused);
        }
    }
}
