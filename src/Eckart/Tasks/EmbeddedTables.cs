using System.Reflection;
using Eckart.Formats.Tables;

namespace Eckart.Tasks;

/// <summary>Tables that come with the library, for tasks of the library that need no data folder.</summary>
internal static class EmbeddedTables
{
    private const string Folder = "tasks/microworld/";
    private const string Extension = ".jsonl";
    private static readonly Assembly Library = typeof(EmbeddedTables).Assembly;

    /// <summary>Whether there are tables of this name.</summary>
    public static bool Contain(string name) => Library.GetManifestResourceInfo(Resource(name, "test")) is not null;

    /// <summary>Name of a table, as messages have it.</summary>
    public static string Path(string name, string split) => $"{name}/{split}{Extension}";

    /// <summary>Streams the rows of one of the tables <c>train</c>, <c>validation</c> and <c>test</c>.</summary>
    public static IEnumerable<Row> Read(string name, string split) =>
        TableFile.Read(Path(name, split), () => Library.GetManifestResourceStream(Resource(name, split)) ?? throw new ArgumentException($"There is no embedded table {Path(name, split)}.", nameof(split)));

    private static string Resource(string name, string split) => Folder + Path(name, split);
}
