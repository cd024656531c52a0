using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using Eckart.Formats;

namespace Eckart.Tasks;

/// <summary>The tasks that come with the library, and those in files of one's own.</summary>
public static class TaskLibrary
{
    private const string Folder = "tasks/";
    private const string MicroworldFolder = Folder + "microworld/";
    private const string Extension = ".yaml";
    private const int LongestFile = 1 << 20;

    /// <summary>Names of the paper's tasks, whose rows the user has, sorted.</summary>
    public static ImmutableArray<string> Names { get; } = NamesIn(Folder);

    /// <summary>Names of the microworld's tasks, whose rows come with the library, sorted.</summary>
    public static ImmutableArray<string> Microworld { get; } = NamesIn(MicroworldFolder);

    /// <summary>Name of the task that is taken where neither a task nor a model is named.</summary>
    public const string Default = "context";

    /// <summary>Loads a task of the library by its name, or one's own by the path of its file.</summary>
    /// <param name="nameOrPath">One of <see cref="Names"/> or <see cref="Microworld"/>, or a path that ends in <c>.yaml</c> or <c>.yml</c>.</param>
    /// <exception cref="InputException">No such task, or everything that is wrong with the file.</exception>
    public static TaskDefinition Load(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (nameOrPath.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || nameOrPath.EndsWith(".yml", StringComparison.OrdinalIgnoreCase))
            return TaskFile.Parse(FromFile(nameOrPath), nameOrPath, Path.GetDirectoryName(Path.GetFullPath(nameOrPath)));
        if (Names.Contains(nameOrPath)) return FromLibrary(Folder, nameOrPath);
        if (Microworld.Contains(nameOrPath)) return FromLibrary(MicroworldFolder, nameOrPath);

        throw new InputException($"task '{nameOrPath}'", "expected the name of a task or the path of a .yaml file, found neither", Nearest.Hint(nameOrPath, Names.Concat(Microworld)));
    }

    private static TaskDefinition FromLibrary(string folder, string name)
    {
        using var reader = new StreamReader(typeof(TaskLibrary).Assembly.GetManifestResourceStream(folder + name + Extension)!, Encoding.UTF8);
        return TaskFile.Parse(reader.ReadToEnd(), name + Extension, folder: null);
    }

    private static ImmutableArray<string> NamesIn(string folder) =>
    [
        .. typeof(TaskLibrary).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal) && !name[folder.Length..].Contains('/', StringComparison.Ordinal))
            .Select(name => name[folder.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

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
