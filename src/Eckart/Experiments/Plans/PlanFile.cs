using System.Text;
using Eckart.Formats;
using Eckart.Tasks;

namespace Eckart.Experiments.Plans;

/// <summary>Reads a plan's file, and reports everything that is wrong with it at once.</summary>
public static class PlanFile
{
    private const int LargestFile = 1 << 20;
    private const int MostItems = 1_000_000;

    /// <summary>All that a plan may say.</summary>
    internal static readonly string[] Keys =
    [
        "name", "title", "paper", "measure", "models", "tasks", "tasks-of-other-models", "protocols", "seeds", "shots", "orders", "split", "validation", "test",
        "modules", "layers", "rates", "drop", "interventions", "alone", "search", "top-k", "aggregate", "indicator", "by-shots", "svd", "engine", "dtype", "chunk-tokens", "alpha", "functions",
    ];

    /// <summary>Reads a file.</summary>
    /// <param name="path">A <c>.yaml</c> file.</param>
    /// <exception cref="InputException">It cannot be read, or all that is wrong with it.</exception>
    public static Plan Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new InputException(path, "expected a plan (.yaml), found no such file", "name one, such as plans/figure-1.yaml");
        if (new FileInfo(path).Length > LargestFile) throw new InputException(path, $"expected a plan of at most {LargestFile >> 20} MiB, found a larger file", "name a plan");
        try
        {
            return Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)), path);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InputException(path, "expected UTF-8, found other bytes", "save it as UTF-8", exception);
        }
    }

    /// <summary>Reads a plan's text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="path">The file, as messages name it.</param>
    /// <exception cref="InputException">All that is wrong with it.</exception>
    public static Plan Parse(string text, string path)
    {
        var problems = new ProblemList(path);
        var document = new YamlReader(problems).Read(text);
        if (document is not { Kind: YamlKind.Map } root)
        {
            if (document is not null) problems.Report(document.Line, $"expected keys and values, found {YamlMap.Name(document)}", "start with 'name: …'");
            problems.ThrowIfAny();
            throw new InvalidOperationException("A plan without a root has a problem.");
        }

        var map = new YamlMap(problems, root);
        map.Allow(Keys);
        var plan = PlanReader.Read(map);
        PlanCheck.Report(map, plan);
        problems.ThrowIfAny();
        return plan;
    }
}
