using Eckart.Formats.Safetensors;

namespace Eckart.Formats.HuggingFace;

/// <summary>The weights of a checkpoint in Hugging Face layout, in whichever of its forms they are stored.</summary>
public static class CheckpointFolder
{
    internal const string SingleFile = "model.safetensors";
    internal const string IndexFile = "model.safetensors.index.json";

    /// <summary>Opens <c>model.safetensors</c> or the shards of <c>model.safetensors.index.json</c>; a path that ends in either form is opened as that file.</summary>
    /// <param name="path">The folder, or the file itself.</param>
    /// <exception cref="InputException">No such weights, two sets of them, or weights that are malformed or stored as a pickle.</exception>
    public static ITensorFile OpenTensors(string path)
    {
        if (Directory.Exists(path)) return OpenFolder(path);
        if (IsPickle(path)) throw Pickle(path);
        if (path.EndsWith(".safetensors", StringComparison.Ordinal)) return SafetensorsFile.Open(path);
        if (path.EndsWith(".safetensors.index.json", StringComparison.Ordinal)) return ShardedTensors.Open(path);
        throw new InputException(
            path,
            $"expected a folder with {SingleFile} or {IndexFile}, found {(File.Exists(path) ? "another kind of file" : "no such folder")}",
            "give the folder of the checkpoint");
    }

    private static ITensorFile OpenFolder(string folder)
    {
        var (single, index) = (Path.Combine(folder, SingleFile), Path.Combine(folder, IndexFile));
        if (File.Exists(index) && File.Exists(single) && !ShardIndex.Load(index).Shards.Contains(SingleFile))
            throw new InputException(folder, $"expected one set of weights, found {SingleFile} and a {IndexFile} that does not name it", "remove the one that is not wanted");
        if (File.Exists(index)) return ShardedTensors.Open(index);
        if (File.Exists(single)) return SafetensorsFile.Open(single);
        if (Files(folder).FirstOrDefault(IsPickle) is { } pickle) throw Pickle(pickle);
        throw new InputException(folder, $"expected {SingleFile} or {IndexFile}, found neither", "give the folder that holds the checkpoint's weights");
    }

    private static IEnumerable<string> Files(string folder)
    {
        try
        {
            return Directory.GetFiles(folder).Order(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(folder, $"expected a folder with {SingleFile} or {IndexFile}, found one that cannot be read: {e.Message}", "check its permissions", e);
        }
    }

    internal static bool IsPickle(string path) =>
        Path.GetExtension(path) is ".bin" or ".pt" or ".pth" or ".ckpt" or ".pkl" || Path.GetFileName(path) == "pytorch_model.bin.index.json";

    private static InputException Pickle(string path) => new(
        path,
        "expected safetensors, found a pickle, and loading a pickle can run any code that it holds",
        "convert it where you trust it, with transformers: AutoModelForCausalLM.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER, safe_serialization=True)");
}
