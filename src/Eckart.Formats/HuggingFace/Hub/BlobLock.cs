namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>One process at a time fetches a blob. The lock is an open file, which the system closes when its holder ends, however it ends.</summary>
internal static class BlobLock
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    /// <summary>Waits until nobody else has it; disposing gives it back.</summary>
    public static async Task<IDisposable> AcquireAsync(string path, HubPlatform platform, CancellationToken cancellation)
    {
        HubRepository.MakeFolderOf(path);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (FileCalls.IsHeld(e))
            {
                await platform.Wait(Interval, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw HubRepository.CannotWrite(path, e);
            }
        }
    }
}
