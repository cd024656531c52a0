using Eckart.Formats;
using Eckart.Formats.Gguf;
using Eckart.Formats.HuggingFace;
using Eckart.Formats.HuggingFace.Hub;
using Eckart.Formats.Tokenizers;

namespace Eckart.Models;

/// <summary>A model on disk: its spec, its weights on demand, its tokenizer. Opening maps the file and checks every name and shape; no weight is read.</summary>
public sealed class Checkpoint : IDisposable
{
    private readonly ITensorFile file;
    private readonly ConfigJson config;
    private readonly TensorNames names;
    private readonly Func<TextTokenizer> loadTokenizer;

    private Checkpoint(string path, ITensorFile file, ConfigJson config, GgufDialect? dialect, Func<TextTokenizer> loadTokenizer)
    {
        Path = path;
        this.file = file;
        this.config = config;
        this.loadTokenizer = loadTokenizer;
        Spec = ModelSpecReader.Read(config);
        names = new TensorNames(file, Spec, dialect);
    }

    /// <summary>The folder or file, as given.</summary>
    public string Path { get; }

    /// <summary>What the model is made of.</summary>
    public ModelSpec Spec { get; }

    /// <summary>A short name for reports: the folder's or the file's; <c>org/name</c> for a snapshot in the hub's cache; <c>name@1500</c> for a model as it was after so many steps of its training.</summary>
    public string Name => HubId.RepositoryOf(Path) is { } repository ? repository
        : System.IO.Path.GetFileNameWithoutExtension(System.IO.Path.TrimEndingDirectorySeparator(Path)) is { Length: > 0 } name && File.Exists(Path) ? name
        : System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path)).Split(System.IO.Path.DirectorySeparatorChar) is [.., { Length: > 0 } whole, "steps", var step] ? $"{whole}@{step}"
        : System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path)));

    /// <summary>Configuration keys, or a GGUF file's keys of its architecture, that nothing asked for.</summary>
    public IReadOnlyList<string> UnreadKeys => file is GgufFile gguf ? gguf.Metadata.Unread($"{Spec.Family.Gguf!.Architecture}.") : config.UnreadKeys;

    /// <summary>Tensors that are neither weights of the family nor its known buffers.</summary>
    public IReadOnlyList<string> UnusedTensors => names.Unused;

    /// <summary>Types that the weights are stored in.</summary>
    public IReadOnlyList<string> Types => [.. file.Tensors.Values.Select(entry => entry.Type).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Numbers of the model's parts; a tied head counts once, buffers and unused tensors not at all.</summary>
    public long Parameters => names.Used.Sum(name => file.Tensors[name].Count);

    /// <summary>Opens a folder in Hugging Face layout or a <c>.gguf</c> file.</summary>
    /// <exception cref="InputException">Not there, not one of these, or anything in it that is malformed, missing or of the wrong shape.</exception>
    public static Checkpoint Open(string path)
    {
        if (Directory.Exists(path)) return OpenFolder(path);
        if (!File.Exists(path))
            throw new InputException(path, "expected a model folder or a .gguf file, found nothing", "give the path of one, or a hub id org/name, to --model");
        return System.IO.Path.GetExtension(path).Equals(".gguf", StringComparison.OrdinalIgnoreCase) ? OpenGguf(path)
            : throw RefuseFile(path);
    }

    /// <summary>The tokenizer that came with the weights; the caller disposes it.</summary>
    /// <exception cref="InputException">There is none, or it is malformed.</exception>
    public TextTokenizer LoadTokenizer() => loadTokenizer();

    /// <summary>All tensors as they are stored; owned by this.</summary>
    internal ITensorFile Tensors => file;

    /// <summary>A weight or bias as stored.</summary>
    internal StoredTensor Stored(Part part, int layer, bool bias) => new(file, names.Of(part, layer, bias), names.LayoutOf(part, bias));

    /// <summary>Refuses weights of a type that cannot be read, before any is.</summary>
    /// <exception cref="InputException">Such a type; the message names the tensor.</exception>
    internal void CheckReadable() => names.CheckReadable();

    /// <summary>SHA-256, in hexadecimal, of the spec and of all tensors: two checkpoints with the same digest give the same scores for the same tokens.</summary>
    public string Digest() => CheckpointDigest.Of(Spec, file);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static InputException RefuseFile(string path)
    {
        CheckpointFolder.OpenTensors(path).Dispose();       // a pickle is refused there, with its reason
        return new InputException(path, "expected a model folder or a .gguf file, found a file of weights alone", "give the folder that also holds its config.json");
    }

    private static Checkpoint OpenFolder(string path)
    {
        var tensors = CheckpointFolder.OpenTensors(path);
        try
        {
            var tokenizer = System.IO.Path.Combine(path, "tokenizer.json");
            return new Checkpoint(path, tensors, ConfigJson.Load(System.IO.Path.Combine(path, "config.json")), null, () => TextTokenizer.Load(tokenizer));
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }

    private static Checkpoint OpenGguf(string path)
    {
        var gguf = GgufFile.Open(path);
        try
        {
            var (config, dialect) = GgufConfig.Read(gguf);
            var checkpoint = new Checkpoint(path, gguf, config, dialect, () => TextTokenizer.FromJson(GgufTokenizer.ToJson(gguf.Metadata), path));
            GgufConfig.RefusePartialRotation(gguf, checkpoint.Spec);
            return checkpoint;
        }
        catch
        {
            gguf.Dispose();
            throw;
        }
    }
}
