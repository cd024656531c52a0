using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Eckart.Experiments;

/// <summary>How trials are written and read: one form, so that equal trials are equal bytes.</summary>
internal static class TrialJson
{
    /// <summary>Snake case, numbers that read back to the same bits, nothing missing, nothing unknown, nothing twice.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // + and non-English letters as they are: this is a file, not a web page
    };
}
