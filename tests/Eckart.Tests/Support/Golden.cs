using System.Reflection;
using System.Runtime.CompilerServices;

namespace Eckart.Tests.Support;

/// <summary>Text that was read by eye once and must not change by accident. It lies beside its test as <c>Class.Test.golden.txt</c>; <c>ECKART_GOLDEN=write</c> rewrites it.</summary>
internal static class Golden
{
    private static readonly bool Writes = Environment.GetEnvironmentVariable("ECKART_GOLDEN") == "write";

    /// <summary>Holds a text to the golden file of the calling test.</summary>
    /// <param name="text">What the test made; line ends are compared as LF.</param>
    /// <param name="name">Distinguishes the cases of a theory.</param>
    /// <param name="test">The calling test.</param>
    /// <param name="source">Its source file.</param>
    public static void Match(string text, string name = "", [CallerMemberName] string test = "", [CallerFilePath] string source = "")
    {
        var type = Path.GetFileNameWithoutExtension(source);
        var file = $"{type}.{test}{(name.Length > 0 ? "." : "")}{name}.golden.txt";
        var path = Path.Combine(FolderOf(type), file);
        if (Writes) File.WriteAllText(path, text);

        Assert.True(File.Exists(path), $"{path} is missing; run this test with ECKART_GOLDEN=write and read what it wrote");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text.ReplaceLineEndings("\n"));
    }

    /// <summary>Holds a text to a committed file of the repository, byte for byte; <c>ECKART_GOLDEN=write</c> rewrites that one too.</summary>
    public static void MatchFile(string path, string text)
    {
        var full = Path.Combine(Repository.Root, path);
        if (Writes)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }

        Assert.True(File.Exists(full), $"{path} is missing; run this test with ECKART_GOLDEN=write and read what it wrote");
        Assert.True(File.ReadAllText(full) == text, $"{path} is not what is drawn; ECKART_GOLDEN=write rewrites it");
    }

    // By namespace, not by the compiler's path: deterministic builds may rewrite that one.
    private static string FolderOf(string type)
    {
        var found = Assembly.GetExecutingAssembly().GetTypes().Single(candidate => candidate.Name == type);
        var folders = found.Namespace!.Split('.')[2..];
        return Path.Combine([Repository.Root, "tests", "Eckart.Tests", .. folders]);
    }
}
