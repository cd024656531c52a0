namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>Where the hub and its cache are, and as whom it is asked: the variables that the hub's own tools read.</summary>
/// <remarks>Source: the environment variables of huggingface_hub. An empty variable counts as unset.</remarks>
public sealed record HubSettings
{
    private const string PublicEndpoint = "https://huggingface.co";
    private static readonly string[] Yes = ["1", "true", "yes", "on"];

    /// <summary>The hub: https, or http of this machine. <c>HF_ENDPOINT</c>; <c>https://huggingface.co</c> unless given.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The cache's folder. <c>HF_HUB_CACHE</c>; else <c>hub</c> in <c>HF_HOME</c>; else in <c>huggingface</c> in <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>.</summary>
    public required string Cache { get; init; }

    /// <summary>Whether no network is used. <c>HF_HUB_OFFLINE</c>: 1, true, yes or on.</summary>
    public bool Offline { get; init; }

    /// <summary>The token of <c>HF_TOKEN</c>; null where there is none.</summary>
    public HubToken? Token { get; init; }

    /// <summary>The file that holds a token where <see cref="Token"/> is null. <c>HF_TOKEN_PATH</c>; else <c>token</c> in <c>HF_HOME</c>.</summary>
    public required string TokenFile { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <param name="variable">The value of an environment variable, or null.</param>
    /// <exception cref="InputException">A variable that cannot be used.</exception>
    public static HubSettings FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;
        string? Folder(string name) => Value(name) is not { } path ? null
            : path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? Path.Join(UserFolder(Value), path[1..])
            : path;

        var home = new Lazy<string>(() => Folder("HF_HOME") ?? Path.Combine(Folder("XDG_CACHE_HOME") ?? Path.Combine(UserFolder(Value), ".cache"), "huggingface"));
        return new HubSettings
        {
            Endpoint = EndpointOf(Value("HF_ENDPOINT") ?? PublicEndpoint),
            Cache = Path.GetFullPath(Folder("HF_HUB_CACHE") ?? Path.Combine(home.Value, "hub")),
            Offline = Yes.Contains(Value("HF_HUB_OFFLINE"), StringComparer.OrdinalIgnoreCase),
            Token = HubToken.From(Value("HF_TOKEN"), "HF_TOKEN"),
            TokenFile = Folder("HF_TOKEN_PATH") ?? Path.Combine(home.Value, "token"),
        };
    }

    /// <summary>The token of the variable or of the file; null where there is neither.</summary>
    /// <exception cref="InputException">The file is there and cannot be read, or holds no token.</exception>
    internal HubToken? FindToken()
    {
        if (Token is not null || !File.Exists(TokenFile)) return Token;
        try
        {
            return HubToken.From(File.ReadAllText(TokenFile), TokenFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(TokenFile, $"expected a file with a token, found one that cannot be read: {e.Message}", "check its permissions, or set HF_TOKEN", e);
        }
    }

    private static string UserFolder(Func<string, string?> value) => value("HOME") ?? value("USERPROFILE")
        ?? throw new InputException("HF_HOME", "expected a folder for the hub's cache, found neither this variable nor HOME", "set HF_HOME to a folder that can be written to");

    // The message leaves the address out: one that is refused may hold a password.
    private static Uri EndpointOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && IsSafe(address, allowLoopback: true) && address is { UserInfo: "", Query: "", Fragment: "" }
            ? address
            : throw new InputException("HF_ENDPOINT", "expected an https address without a user, a query and a fragment (or http of this machine), found another text", $"set it to one such as {PublicEndpoint}, or unset it");

    /// <summary>Whether a token and weights may travel there: https, or not beyond this machine.</summary>
    internal static bool IsSafe(Uri address, bool allowLoopback) =>
        address.Scheme == Uri.UriSchemeHttps || (allowLoopback && address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
}
