using System.Text;
using System.Text.Json;

namespace Eckart.Tests.Support.Mutations;

/// <summary>Changes JSON so that most of it is JSON still: what a parser lets through is what a reader has to judge.</summary>
/// <param name="random">Decides everything.</param>
internal sealed class JsonMutator(Random random)
{
    private const int MostSteps = 3;

    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "2", "3", "1.0", "0.5", "1e0", "1e2", "1e999", "-1e999", "1e-999", "NaN", "Infinity", "00", "+1", "0x10", "255", "256", "65536", "1000000000",
        "2147483647", "2147483648", "4294967295", "4294967296", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615", "18446744073709551616",
        "100000000000000000000000000000000000000",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "[]", "{}", "\"\"", "\"x\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\n\"", "\"é\"", "\"../x\"", "[0]", "[[]]", "[\"a\",\"b\"]", "{\"a\":1}", "{\"type\":\"x\"}", "\"1\"", "7",
    ];

    private readonly List<string> steps = [];

    /// <summary>A change, or up to three; the last may spoil the text.</summary>
    /// <param name="json">One JSON value in UTF-8.</param>
    public Mutation Mutate(byte[] json)
    {
        var text = Encoding.UTF8.GetString(json);
        for (var count = random.Next(2) == 0 ? 1 : 1 + random.Next(MostSteps); count > 0 && Parts(text) is { Count: > 0 } parts; count--) text = Step(text, parts);
        return new Mutation(Encoding.UTF8.GetBytes(text), [.. steps]);
    }

    private string Step(string text, List<Part> parts)
    {
        var part = parts[random.Next(parts.Count)];
        var other = parts[random.Next(parts.Count)];
        var keyed = parts.Where(one => one.KeyStart is not null).ToArray();
        var member = keyed.Length == 0 ? part : keyed[random.Next(keyed.Length)];
        var numbers = parts.Where(one => one.Token == JsonTokenType.Number).ToArray();
        return random.Next(12) switch
        {
            0 or 1 when numbers.Length > 0 => Replaced(text, numbers[random.Next(numbers.Length)], Numbers[random.Next(Numbers.Length)]),
            2 => Replaced(text, part, Values[random.Next(Values.Length)]),
            3 => Replaced(text, part, Numbers[random.Next(Numbers.Length)]),
            4 => Replaced(text, part, Of(text, other)),
            5 => Nested(text, part),
            6 when keyed.Length > 0 => Done($"{Short(KeyOf(text, member))} twice", text.Insert(member.End, "," + text[member.KeyStart!.Value..member.Start] + (random.Next(2) == 0 ? Of(text, member) : Of(text, other)))),
            7 when keyed.Length > 0 => Removed(text, member),
            8 when keyed.Length > 0 => Renamed(text, member, keyed[random.Next(keyed.Length)]),
            9 when keyed.Length > 0 => Done($"a key put in before {Short(KeyOf(text, member))}", text.Insert(member.KeyStart!.Value, $"\"unknown{random.Next(100)}\":{Of(text, other)},")),
            10 => Replaced(text, part, $"\"{new string('x', 1 << random.Next(13))}\""),
            _ => Spoiled(text),
        };
    }

    private string Nested(string text, Part part)
    {
        var depth = new[] { 1, 2, 60, 70, 130, 10_000 }[random.Next(6)];
        var (open, close) = random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
        return Replaced(text, part, string.Concat(Enumerable.Repeat(open, depth)) + Of(text, part) + string.Concat(Enumerable.Repeat(close, depth)));
    }

    private string Removed(string text, Part member)
    {
        var before = text[..member.KeyStart!.Value].TrimEnd();
        var after = text[member.End..].TrimStart();
        var step = $"{Short(KeyOf(text, member))} removed";
        return before.EndsWith(',') ? Done(step, before[..^1] + after) : Done(step, before + (after.StartsWith(',') ? after[1..] : after));
    }

    private string Renamed(string text, Part member, Part other)
    {
        var (name, start) = (KeyOf(text, other), member.KeyStart!.Value);
        var end = start + KeyOf(text, member).Length;
        return Done($"{Short(KeyOf(text, member))} renamed to {Short(name)}", text[..start] + name + text[end..]);
    }

    private string Spoiled(string text)
    {
        var at = random.Next(text.Length);
        return random.Next(3) switch
        {
            0 => Done($"cut to {at} characters", text[..at]),
            1 => Done($"a character removed at {at}", text.Remove(at, 1)),
            _ => Done($"a character put in at {at}", text.Insert(at, "{}[]\",:\\0\0 é"[random.Next(12)].ToString())),
        };
    }

    private string Replaced(string text, Part part, string value) => Done($"{Short(Of(text, part))} replaced by {Short(value)} at {part.Start}", text[..part.Start] + value + text[part.End..]);

    private string Done(string step, string text)
    {
        steps.Add(step);
        return text;
    }

    private static string Of(string text, Part part) => text[part.Start..part.End];

    private static string KeyOf(string text, Part member) => text[member.KeyStart!.Value..member.KeyEnd];

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..60]}… ({text.Length})";

    // Every value with its place; none where the text is no JSON.
    private static List<Part> Parts(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 100_000 });
        var (parts, open) = (new List<Part>(), new Stack<Part>());
        (int Start, int End)? key = null;
        try
        {
            while (reader.Read())
            {
                var (start, end) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName: key = (start, start + reader.ValueSpan.Length + 2); continue;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray: open.Push(new Part(reader.TokenType, start, 0, key?.Start, key?.End ?? 0)); break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray: parts.Add(open.Pop() with { End = end }); break;
                    default: parts.Add(new Part(reader.TokenType, start, end, key?.Start, key?.End ?? 0)); break;
                }

                key = null;
            }
        }
        catch (JsonException)
        {
            return [];
        }

        return bytes.Length == text.Length ? parts : InCharacters(parts, bytes);
    }

    private static List<Part> InCharacters(List<Part> parts, byte[] bytes)
    {
        var characters = new int[bytes.Length + 1];
        for (var (at, count) = (0, 0); at < bytes.Length; at++)
        {
            characters[at] = count;
            // A lead byte of four stands for two characters of a string.
            if ((bytes[at] & 0xC0) != 0x80) count += bytes[at] >= 0xF0 ? 2 : 1;
            characters[at + 1] = count;
        }

        return [.. parts.Select(part => part with
        {
            Start = characters[part.Start],
            End = characters[part.End],
            KeyStart = part.KeyStart is { } start ? characters[start] : null,
            KeyEnd = characters[part.KeyEnd],
        })];
    }

    private readonly record struct Part(JsonTokenType Token, int Start, int End, int? KeyStart, int KeyEnd);
}
