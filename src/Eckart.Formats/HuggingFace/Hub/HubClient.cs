using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>Asks the hub. Redirections are followed by hand, because the token must not go to the host that they lead to.</summary>
internal sealed class HubClient : IDisposable
{
    private const int MostRedirections = 5;
    private readonly HubSettings settings;
    private readonly HubPlatform platform;
    private readonly HubRefusal refusal;
    private readonly HubToken? token;
    private readonly HttpClient http;

    public HubClient(HubSettings settings, HubPlatform platform)
    {
        (this.settings, this.platform, token) = (settings, platform, settings.FindToken());
        refusal = new HubRefusal(settings, platform, token is not null);
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None, ConnectTimeout = platform.Patience, UseProxy = !settings.Endpoint.IsLoopback })
        {
            Timeout = Timeout.InfiniteTimeSpan,       // of a whole answer, which may be a hundred gigabytes
        };
    }

    /// <summary>The commit behind a revision, and its files.</summary>
    /// <exception cref="HubFaultException">It may be answered later.</exception>
    /// <exception cref="InputException">There is none, it may not be read, or the answer is malformed.</exception>
    public async Task<HubListing> ListAsync(HubId id, CancellationToken cancellation)
    {
        using var answer = await AskAsync($"api/models/{id.Repository}/revision/{Uri.EscapeDataString(id.Revision)}?blobs=true", 0, id, null, cancellation).ConfigureAwait(false);
        using var bytes = new MemoryStream();
        await foreach (var piece in ReadAsync(answer, cancellation).ConfigureAwait(false))
        {
            if (bytes.Length + piece.Length > HubListing.LongestAnswer)
                throw new InputException(id.ToString(), $"expected an answer of at most {HubListing.LongestAnswer} bytes, found a longer one", "check HF_ENDPOINT");
            bytes.Write(piece.Span);
        }

        return HubListing.Parse(bytes.ToArray(), id.ToString());
    }

    /// <summary>Begins to receive a file of a commit: its rest from an offset, its whole, or the refusal of a range.</summary>
    /// <param name="id">The model.</param>
    /// <param name="commit">One that it has.</param>
    /// <param name="file">A name of its listing.</param>
    /// <param name="offset">First byte wanted.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public Task<HttpResponseMessage> OpenAsync(HubId id, string commit, string file, long offset, CancellationToken cancellation) =>
        AskAsync($"{id.Repository}/resolve/{commit}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}", offset, id, file, cancellation);

    /// <summary>The bytes of an answer in pieces, each valid until the next.</summary>
    /// <exception cref="HubFaultException">The connection is dropped, or silent for too long.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage answer, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var buffer = new byte[1 << 17];
        var stream = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        while (await PatientlyAsync(HostOf(answer), patience => stream.ReadAsync(buffer, patience).AsTask(), cancellation).ConfigureAwait(false) is > 0 and var read)
            yield return buffer.AsMemory(0, read);
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> AskAsync(string path, long offset, HubId id, string? file, CancellationToken cancellation)
    {
        var address = new Uri($"{settings.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}");
        var trusted = true;
        for (var redirections = 0; redirections <= MostRedirections; redirections++)
        {
            var answer = await SendAsync(address, offset, trusted, cancellation).ConfigureAwait(false);
            try
            {
                if (Target(answer, address) is not { } target)
                {
                    refusal.Check(answer, id, file, trusted);
                    return answer;
                }

                if (!HubSettings.IsSafe(target, allowLoopback: settings.Endpoint.Scheme == Uri.UriSchemeHttp))
                    throw new InputException(id.ToString(), $"expected a redirection to an https address, found one to {Excerpt.Of($"{target.Scheme}://{target.Host}")}", "check HF_ENDPOINT");
                trusted &= IsHub(target);
                address = target;
            }
            catch
            {
                answer.Dispose();
                throw;
            }

            answer.Dispose();
        }

        throw new InputException(id.ToString(), $"expected at most {MostRedirections} redirections, found more", "check HF_ENDPOINT");
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, long offset, bool trusted, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("eckart", null));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));       // sizes and ranges are those of the file
        if (trusted) request.Headers.Authorization = token?.Header;
        if (offset > 0) request.Headers.Range = new RangeHeaderValue(offset, null);
        return await PatientlyAsync(address.Host, patience => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience), cancellation).ConfigureAwait(false);
    }

    // Null where the answer is no redirection.
    private static Uri? Target(HttpResponseMessage answer, Uri asked) =>
        (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is { } target ? new Uri(asked, target) : null;

    private static string HostOf(HttpResponseMessage answer) => answer.RequestMessage?.RequestUri?.Host ?? "the hub";

    private bool IsHub(Uri address) =>
        (address.Scheme, address.Port) == (settings.Endpoint.Scheme, settings.Endpoint.Port) && address.IdnHost.Equals(settings.Endpoint.IdnHost, StringComparison.OrdinalIgnoreCase);

    private async Task<T> PatientlyAsync<T>(string host, Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(platform.Patience);
        try
        {
            return await work(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new HubFaultException(string.Create(CultureInfo.InvariantCulture, $"silence of {host} for {platform.Patience.TotalSeconds:0.###} seconds"), inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new HubFaultException($"a failed connection to {host} ({e.Message})", inner: e) { NoNetwork = e is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError } };
        }
    }
}
