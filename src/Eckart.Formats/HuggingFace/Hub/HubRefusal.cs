using System.Globalization;
using System.Net;

namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>An answer that is none, in words: what may be over later as a fault, the rest as a problem of the user's.</summary>
internal sealed class HubRefusal(HubSettings settings, HubPlatform platform, bool hasToken)
{
    // The hub says here what its status alone does not: a repository that does not exist is a 401 to whoever is not known.
    private const string CodeHeader = "X-Error-Code";

    /// <summary>Throws unless the answer is one of success, or a range that cannot be had.</summary>
    /// <param name="answer">Any answer but a redirection.</param>
    /// <param name="id">The model.</param>
    /// <param name="file">The file that was asked for; null for the list of files.</param>
    /// <param name="ofHub">Whether the hub answers, and not a store that it has led to: what that refuses, the hub allows again at the next try.</param>
    public void Check(HttpResponseMessage answer, HubId id, string? file, bool ofHub)
    {
        if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable) return;
        var status = string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)answer.StatusCode}");
        var host = answer.RequestMessage?.RequestUri?.Host ?? settings.Endpoint.Host;
        if (!ofHub || answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError)
            throw new HubFaultException($"{status} of {host}", RetryAfter(answer));
        var code = answer.Headers.TryGetValues(CodeHeader, out var codes) ? codes.First() : "";
        throw (answer.StatusCode, code) switch
        {
            (_, "GatedRepo") or (HttpStatusCode.Forbidden, _) => Gated(id, status),
            (HttpStatusCode.Unauthorized, _) => Unknown(id, status),
            (HttpStatusCode.NotFound, "RepoNotFound") => NoModel(id, status),
            (HttpStatusCode.NotFound, _) when file is not null && code != "RevisionNotFound" => new InputException($"{id}: {file}", $"expected a file that the hub lists, found {status}", "give the same command again: the revision may have changed meanwhile"),
            (HttpStatusCode.NotFound, _) when code == "RevisionNotFound" || id.Revision != HubId.DefaultRevision => NoRevision(id, status, code),
            (HttpStatusCode.NotFound, _) => NoModel(id, status),
            _ => new InputException(Where(id, file), $"expected the hub's answer, found {status} of {host}", "check HF_ENDPOINT"),
        };
    }

    private InputException Gated(HubId id, string status) => new(
        id.ToString(),
        $"expected a model that may be read {As}, found {status}",
        $"accept its terms at {Page(id)} where it is gated, and {(hasToken ? "see that the token may read it" : "set HF_TOKEN to a token of your account")}");

    private InputException Unknown(HubId id, string status) => new(
        id.ToString(),
        $"expected a model that may be read {As}, found {status}: {(hasToken ? "the token is not accepted, or there is no such model" : "there is no such public model, nor a file or folder of that name here")}",
        hasToken ? "check HF_TOKEN and the spelling" : "check the spelling; for a private or gated model set HF_TOKEN to a token that may read it");

    private InputException NoModel(HubId id, string status) => new(
        id.ToString(),
        $"expected a file, a folder, an embedded model or a model of {settings.Endpoint.Host}, found none of that name ({status})",
        $"check the spelling{(hasToken ? "" : "; for a private model set HF_TOKEN to a token that may read it")}");

    private InputException NoRevision(HubId id, string status, string code) => new(
        id.ToString(),
        $"expected a branch, tag or commit {Excerpt.Of(id.Revision)} of {id.Repository}, found none{(code.Length > 0 ? "" : ", or no such model")} ({status})",
        $"see {Page(id)} for its revisions");

    private string As => hasToken ? "with the token given" : "without a token";

    private string Page(HubId id) => $"{settings.Endpoint.AbsoluteUri.TrimEnd('/')}/{id.Repository}";

    private TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        var wait = answer.Headers.RetryAfter is not { } after ? null : after.Delta ?? after.Date - platform.Clock.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static string Where(HubId id, string? file) => file is null ? id.ToString() : $"{id}: {file}";
}
