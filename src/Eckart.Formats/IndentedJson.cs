using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Eckart.Formats;

/// <summary>JSON files that people open: indented, letters of any language as they are.</summary>
public static class IndentedJson
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="json">All that it shall hold.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(json.ToJsonString(Options) + "\n"));
    }
}
