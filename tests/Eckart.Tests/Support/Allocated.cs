namespace Eckart.Tests.Support;

/// <summary>Holds reading to the memory that a file's own length accounts for.</summary>
internal static class Allocated
{
    private const long Spare = 16 << 20;

    /// <summary>Runs it, and counts what this thread allocates meanwhile: at most twice the file and 16 MiB.</summary>
    public static void WithinReason(string path, Action read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        read();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (2 * new FileInfo(path).Length) + Spare);
    }
}
