using System.Net.Http.Headers;

namespace Eckart.Formats.HuggingFace.Hub;

/// <summary>A secret that names its user to the hub. It prints as words: no message and no log can hold it.</summary>
public sealed class HubToken
{
    private readonly string secret;

    private HubToken(string secret) => this.secret = secret;

    internal AuthenticationHeaderValue Header => new("Bearer", secret);

    /// <summary>Takes a token, without the white space around it.</summary>
    /// <param name="text">The secret; null or blank where there is none.</param>
    /// <param name="where">The variable or file that it is from, for the message.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="InputException">It holds what no token can; the message does not repeat it.</exception>
    public static HubToken? From(string? text, string where)
    {
        var secret = text?.Trim() ?? "";
        if (secret.Length == 0) return null;
        return secret.All(c => char.IsAsciiLetterOrDigit(c) || "-._~+/=".Contains(c, StringComparison.Ordinal))
            ? new HubToken(secret)
            : throw new InputException(where, "expected a token, found spaces or other characters that no token holds", "copy the token again, from the settings of your account on the hub");
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => "a token";
}
