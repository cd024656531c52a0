using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;

namespace Eckart.Formats.Safetensors;

/// <summary>The JSON of a header, token by token: a parser that builds a tree would keep the last of two equal keys and say nothing.</summary>
internal ref struct SafetensorsHeaderReader
{
    private const string MetadataKey = "__metadata__";
    private const int MostEntries = 65_536;
    private const int MostDimensions = 64;
    private const string Remedy = "check that this is a safetensors file, download or save it again";

    private readonly string where;
    private readonly List<SafetensorsClaim> claims = [];
    private readonly OrderedDictionary<string, string> metadata = [];
    private Utf8JsonReader json;
    private string? tensor;

    private SafetensorsHeaderReader(ReadOnlySpan<byte> bytes, string where)
    {
        this.where = where;
        // Header, tensor, list: nothing of the format lies deeper.
        json = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 3 });
    }

    // The tensor being read, or the file; made only for a message, because a header may have very many tensors.
    private readonly string Place => tensor is null ? where : $"{where}: tensor {Excerpt.Of(tensor)}";

    public static (List<SafetensorsClaim> Claims, IReadOnlyDictionary<string, string> Metadata) Read(ReadOnlySpan<byte> bytes, string where)
    {
        if (!Utf8.IsValid(bytes)) throw new InputException(where, "expected a header in UTF-8, found other bytes", Remedy);
        try
        {
            var reader = new SafetensorsHeaderReader(bytes, where);
            reader.ReadHeader();
            return (reader.claims, reader.metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text with half of a surrogate pair, escaped.
            throw new InputException(where, $"expected a header in JSON, found a fault: {Excerpt.Of(e)}", Remedy, e);
        }
    }

    private void ReadHeader()
    {
        Take(JsonTokenType.StartObject, "an object");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (NextKey() is { } name)
        {
            if (!seen.Add(name)) throw new InputException(where, $"expected each key once, found {Excerpt.Of(name)} twice", Remedy);
            if (seen.Count > MostEntries) throw TooMany("tensors", where);
            if (name == MetadataKey) ReadMetadata();
            else ReadTensor(name);
        }

        json.Read();   // throws if anything but spaces follows
    }

    private void ReadMetadata()
    {
        var place = $"{where}: {MetadataKey}";
        Take(JsonTokenType.StartObject, "an object", place);
        while (NextKey() is { } key)
        {
            if (!json.Read() || json.TokenType != JsonTokenType.String) throw new InputException(place, $"expected a text under {Excerpt.Of(key)}, found {Found()}", Remedy);
            if (metadata.Count == MostEntries) throw TooMany("texts", place);
            if (!metadata.TryAdd(key, json.GetString()!)) throw Twice(key, place);
        }
    }

    private void ReadTensor(string name)
    {
        tensor = name;
        string? type = null;
        ImmutableArray<long>? shape = null, offsets = null;
        Take(JsonTokenType.StartObject, "an object");
        while (NextKey() is { } key)
        {
            if (key switch { "dtype" => type is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false }) throw Twice(key, Place);
            switch (key)
            {
                case "dtype":
                    Take(JsonTokenType.String, "a text as dtype");
                    type = json.GetString();
                    break;
                case "shape": shape = ReadSizes(key); break;
                case "data_offsets": offsets = ReadSizes(key); break;
                default: throw new InputException(Place, $"expected dtype, shape and data_offsets only, found {Excerpt.Of(key)}", Remedy);
            }
        }

        if (type is null || shape is null || offsets is null)
            throw new InputException(Place, $"expected dtype, shape and data_offsets, found no {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}", Remedy);
        if (offsets.Value is not [var begin, var end])
            throw new InputException(Place, $"expected two data_offsets, found {offsets.Value.Length}", Remedy);
        claims.Add(new SafetensorsClaim(name, type, shape.Value, begin, end));
        tensor = null;
    }

    private ImmutableArray<long> ReadSizes(string key)
    {
        var sizes = ImmutableArray.CreateBuilder<long>();
        Take(JsonTokenType.StartArray, $"a list as {key}");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var size) || size < 0)
                throw new InputException(Place, $"expected whole numbers from 0 to 2^63 - 1 in {key}, found {Found()}", Remedy);
            if (sizes.Count == MostDimensions) throw new InputException(Place, $"expected at most {MostDimensions} numbers in {key}, found more", Remedy);
            sizes.Add(size);
        }

        return sizes.ToImmutable();
    }

    /// <summary>The next key of the object being read, or null at its end.</summary>
    private string? NextKey() => json.Read() && json.TokenType == JsonTokenType.PropertyName ? json.GetString() : null;

    private void Take(JsonTokenType token, string expected, string? place = null)
    {
        if (!json.Read() || json.TokenType != token) throw new InputException(place ?? Place, $"expected {expected}, found {Found()}", Remedy);
    }

    private readonly string Found() => json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"the text {Excerpt.Of(json.GetString()!)}",
        JsonTokenType.Null => "null",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => Excerpt.Of(System.Text.Encoding.UTF8.GetString(json.ValueSpan)),
    };

    private static InputException TooMany(string what, string place) => new(place, $"expected at most {MostEntries} {what}, which is more than any checkpoint has, found more", Remedy);

    private static InputException Twice(string key, string place) =>
        new(place, $"expected each key once, found {Excerpt.Of(key)} twice", Remedy);
}
