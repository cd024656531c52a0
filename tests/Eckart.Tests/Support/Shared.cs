namespace Eckart.Tests.Support;

/// <summary>Real models, data and reference numbers that are too large or not ours to commit.</summary>
internal static class Shared
{
    private static readonly string Root = Environment.GetEnvironmentVariable("ECKART_SHARED") is { Length: > 0 } root
        ? root
        : Path.Combine(Repository.Root, "..", "shared");

    public const string SmolLm2 = "models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf";

    /// <summary>A file or folder of it; the test is skipped where it is missing.</summary>
    public static string Find(string relative)
    {
        var path = Path.GetFullPath(Path.Combine(Root, relative));
        Assert.SkipUnless(Path.Exists(path), $"ECKART_SHARED has no {relative}");
        return path;
    }
}
