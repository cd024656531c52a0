using System.Globalization;
using System.Net;

namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>Brings files of one commit into the cache, each once, resumed where an earlier attempt stopped, and named only when its size and digest are right.</summary>
internal sealed class BlobDownload(HubClient client, HubRepository repository, HubPlatform platform, HubId id, string commit)
{
    // Received before a fault, so much makes it a new one: a line that fails now and then brings any file in the end.
    private const long Progress = 1 << 20;

    private readonly HubRetries retries = new(platform, HubRetries.Usual);

    /// <summary>Told of bytes received, negative where received ones are thrown away.</summary>
    public Action<long> Received { get; init; } = _ => { };

    /// <summary>Bytes of a file that are still to be received.</summary>
    public long Missing(HubFile file)
    {
        if (repository.Holds(commit, file) || repository.HoldsBlob(file)) return 0;
        var partial = new FileInfo(Partial(file));
        return partial.Exists && partial.Length <= file.Size ? file.Size - partial.Length : file.Size;
    }

    /// <summary>Puts a file into the commit's folder, from the network where the cache has it nowhere.</summary>
    /// <exception cref="InputException">The hub refuses it, what it sends is not what it publishes, or the disk is full.</exception>
    /// <exception cref="HubUnreachableException">Too many attempts failed.</exception>
    public async Task FetchAsync(HubFile file, CancellationToken cancellation)
    {
        if (repository.Holds(commit, file)) return;
        using var mine = await BlobLock.AcquireAsync(repository.Lock(file.Digest), platform, cancellation).ConfigureAwait(false);
        if (repository.Holds(commit, file)) return;       // another process was faster
        if (!repository.HoldsBlob(file)) await ReceiveAsync(file, cancellation).ConfigureAwait(false);
        repository.Place(commit, file);
    }

    private async Task ReceiveAsync(HubFile file, CancellationToken cancellation)
    {
        using var partial = new PartialBlob(Partial(file), file, cancellation);
        for (var again = partial.Length > 0; ; again = false)
        {
            await retries.RunAsync(Where(file), () => AttemptAsync(file, partial, cancellation), cancellation).ConfigureAwait(false);
            var digest = partial.Digest();
            if (digest == file.Digest) break;
            Restart(partial);
            if (!again)        // what an earlier run had left may have been wrong; what the hub sends now is not
                throw new InputException(Where(file), $"expected bytes with the published digest {file.Digest}, found {digest}", "give the same command again; if that does not help, the hub's copy is damaged");
        }

        partial.Finish(repository.Blob(file.Digest));
    }

    private async Task<bool> AttemptAsync(HubFile file, PartialBlob partial, CancellationToken cancellation)
    {
        if (partial.IsFull) return true;
        using var answer = await client.OpenAsync(id, commit, file.Name, partial.Length, cancellation).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && partial.Length > 0)
        {
            Restart(partial);
            return await AttemptAsync(file, partial, cancellation).ConfigureAwait(false);
        }

        if (answer.StatusCode == HttpStatusCode.OK && partial.Length > 0) Restart(partial);        // a hub that knows no ranges
        Check(answer, file, partial.Length);
        await AppendAsync(answer, file, partial, cancellation).ConfigureAwait(false);
        return true;
    }

    private async Task AppendAsync(HttpResponseMessage answer, HubFile file, PartialBlob partial, CancellationToken cancellation)
    {
        var before = partial.Length;
        try
        {
            await foreach (var piece in client.ReadAsync(answer, cancellation).ConfigureAwait(false))
            {
                if (partial.Length + piece.Length > file.Size)
                {
                    Restart(partial);
                    throw Lie(file, "more");
                }

                partial.Append(piece);
                Received(piece.Length);
            }

            if (!partial.IsFull) throw new HubFaultException(string.Create(CultureInfo.InvariantCulture, $"an end after {partial.Length} of {file.Size} bytes"));
        }
        catch (HubFaultException fault) when (partial.Length - before >= Progress)
        {
            throw new HubFaultException(fault.Message, fault.RetryAfter, progressed: true, fault);
        }
    }

    private void Check(HttpResponseMessage answer, HubFile file, long offset)
    {
        var headers = answer.Content.Headers;
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) throw new InputException(Where(file), "expected the file, found HTTP 416 though no range was asked for", "check HF_ENDPOINT");
        if (answer.StatusCode == HttpStatusCode.PartialContent && headers.ContentRange is not { From: { } from } range) throw Lie(file, "a part without its place");
        if (headers.ContentRange is { } part && ((part.From ?? offset) != offset || (part.Length ?? file.Size) != file.Size)) throw Lie(file, $"the part {part}");
        if (headers.ContentLength is { } length && length != file.Size - offset) throw Lie(file, string.Create(CultureInfo.InvariantCulture, $"{offset + length}"));
    }

    private InputException Lie(HubFile file, string found) =>
        new(Where(file), string.Create(CultureInfo.InvariantCulture, $"expected the {file.Size} bytes that the hub publishes, found {found}"), "give the same command again; if that does not help, the hub is at fault");

    private void Restart(PartialBlob partial)
    {
        Received(-partial.Length);
        partial.Restart();
    }

    private string Partial(HubFile file) => $"{repository.Blob(file.Digest)}.incomplete";

    private string Where(HubFile file) => $"{id}: {file.Name}";
}
