namespace Eckart.Formats.HuggingFace;

/// <summary>The files that stand beside a checkpoint's weights and go where the weights go: tokenizer, chat template, generation settings, licence.</summary>
public static class SideFiles
{
    private static readonly HashSet<string> Weights = new(StringComparer.OrdinalIgnoreCase)
    {
        ".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".gguf", ".ggml", ".h5", ".msgpack", ".onnx", ".onnx_data", ".ot", ".npy", ".npz", ".tflite",
    };

    /// <summary>The files of a checkpoint's folder that are no weights in any format, no index of weights and not its <c>config.json</c>. Folders and hidden files are left out.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <returns>Their names, in ordinal order.</returns>
    /// <exception cref="InputException">The folder cannot be read, or one of them, the configuration or an index is a link out of it.</exception>
    public static IReadOnlyList<string> Of(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        try
        {
            var home = new DirectoryInfo(folder);
            var root = home.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.TrimEndingDirectorySeparator(home.FullName);
            string[] names = [.. home.GetFiles().Select(file => file.Name).Where(IsNoWeight).Order(StringComparer.Ordinal)];
            foreach (var name in names) Check(new FileInfo(Path.Combine(root, name)), root);
            return [.. names.Where(name => name != "config.json" && !name.EndsWith(".index.json", StringComparison.OrdinalIgnoreCase))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(folder, $"expected a folder of files, found one that cannot be read: {e.Message}", "check its permissions and links", e);
        }
    }

    private static bool IsNoWeight(string name) => !name.StartsWith('.') && !Weights.Contains(Path.GetExtension(name));

    // What is copied is handed on: a link must not bring in a file from elsewhere.
    private static void Check(FileInfo file, string root)
    {
        if (file.ResolveLinkTarget(returnFinalTarget: true) is { } target && !(target.Exists && ShardIndex.IsOwn(root, target.FullName)))
            throw new InputException(file.FullName, $"expected a file of the checkpoint's own folder, found a link to {target.FullName}", "put the file itself there, or remove the link");
    }
}
