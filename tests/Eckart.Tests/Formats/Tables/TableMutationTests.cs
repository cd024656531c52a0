using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Eckart.Formats.Tables;
using Eckart.Tests.Support;
using Eckart.Tests.Support.Mutations;
using Parquet.Serialization;

namespace Eckart.Tests.Formats.Tables;

public sealed class TableMutationTests
{
    private static readonly byte[] Lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 4).Select(i => $$$"""{"text":"row {{{i}}} é \u0041","label":{{{i}}},"share":0.{{{i}}},"flag":true,"none":null,"list":[{"a":[1]},"b"]}""" + "\n")));

    private static readonly byte[] Delimited = Encoding.UTF8.GetBytes("\uFEFFtext,label\r\n\"one, \"\"two\"\"\r\nthree\",1\r\n\r\nplain,0\n");

    [Theory]
    [InlineData("a.jsonl")]
    [InlineData("a.jsonl.gz")]
    [InlineData("a.csv")]
    [InlineData("a.parquet")]
    public void Two_thousand_damaged_tables_are_read_right_or_refused(string name) => Run(name).Of(2_000);

    [LongFact]
    public void A_hundred_thousand_damaged_tables_are_read_right_or_refused()
    {
        foreach (var name in new[] { "a.jsonl", "a.jsonl.gz", "a.csv", "a.parquet" }) Run(name).Of(25_000);
    }

    private static MutationRun Run(string name)
    {
        byte[] original = name switch { "a.csv" => Delimited, "a.jsonl" => Lines, "a.jsonl.gz" => Zipped(), _ => Columns() };
        return new MutationRun(
            name,
            random => name == "a.jsonl" && random.Next(2) == 0 ? OneLine(random) : new ByteMutator(random, [original, Lines, Delimited]).Mutate(original, original.Length, []),
            (path, mutation) =>
            {
                var rows = Table.ReadAll(path);
                return () =>
                {
                    if (name == "a.jsonl") CheckLines(mutation.Bytes, rows);
                };
            });
    }

    private static Mutation OneLine(Random random)
    {
        var line = Lines.AsSpan(0, Lines.AsSpan().IndexOf((byte)'\n')).ToArray();
        var mutation = new JsonMutator(random).Mutate(line);
        return mutation with { Bytes = [.. mutation.Bytes, (byte)'\n', .. Lines] };
    }

    private static void CheckLines(byte[] bytes, List<Row> rows)
    {
        var lines = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Split('\n').Where(line => line.Trim(' ', '\t', '\r').Length > 0).ToArray();
        Assert.Equal(lines.Length, rows.Count);
        foreach (var (line, row) in lines.Zip(rows))
        {
            using var json = JsonDocument.Parse(line);
            var fields = json.RootElement.EnumerateObject().ToArray();
            Assert.Equal(fields.Select(field => field.Name).Order(), row.Cells.Keys.Order());
            foreach (var field in fields.Where(field => field.Value.ValueKind == JsonValueKind.String)) Assert.Equal(field.Value.GetString(), row.Text(field.Name));
            foreach (var field in fields.Where(field => field.Value.ValueKind == JsonValueKind.Number)) Assert.Equal(field.Value.GetDouble(), double.Parse(row.Label(field.Name), System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static byte[] Zipped()
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Lines);
        return file.ToArray();
    }

    private static byte[] Columns()
    {
        using var file = new MemoryStream();
        ParquetSerializer.SerializeAsync([new Columned("one", 1, ["a"]), new Columned(null, 0, null), new Columned("three", -1, ["b", "c"])], file).GetAwaiter().GetResult();
        return file.ToArray();
    }

    private sealed record Columned(string? Text, int Label, List<string>? Words);
}
