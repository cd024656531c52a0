using Eckart.Formats;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using Parser = YamlDotNet.Core.Parser;
using Scalar = YamlDotNet.Core.Events.Scalar;

namespace Eckart.Tasks;

/// <summary>Reads the part of YAML that a hand-written file needs: maps, lists and scalars. Anchors, aliases, tags and further documents are refused, so no file is larger than it looks.</summary>
/// <param name="problems">Takes what is wrong; reading goes on where it can.</param>
internal sealed class YamlReader(ProblemList problems)
{
    private const int Deepest = 16;
    private Parser parser = null!;

    /// <summary>The document, or null where it cannot be read at all (a problem says why).</summary>
    public YamlNode? Read(string text)
    {
        parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                Report(1, "expected keys and values, found nothing", "write the file's parts");
                return null;
            }
            var root = Node(0);
            parser.Consume<DocumentEnd>();
            if (!parser.TryConsume<StreamEnd>(out _)) Report(Line(parser.Current!), "expected one document, found a second", "remove what follows ---");
            return root;
        }
        catch (YamlException syntax)
        {
            Report((int)syntax.Start.Line, $"expected YAML, found an error in it ({syntax.Message})", "indent with spaces, and quote text that holds : or #");
            return null;
        }
    }

    private YamlNode Node(int depth)
    {
        var start = parser.Consume<ParsingEvent>();
        var line = Line(start);
        if (depth > Deepest) throw new YamlException(start.Start, start.End, "nested too deep");
        if (start is AnchorAlias) Report(line, "expected a value, found an alias", "write the value out");
        if (start is NodeEvent { Anchor.IsEmpty: false }) Report(line, "expected a value, found an anchor", "remove the &name");
        if (start is NodeEvent { Tag.IsEmpty: false }) Report(line, "expected a value, found a tag", "remove the !tag");

        switch (start)
        {
            case Scalar { Style: ScalarStyle.Plain, Value: "" or "~" or "null" }: return new YamlNode(line, YamlKind.Empty);
            case Scalar scalar: return new YamlNode(line, YamlKind.Scalar) { Text = scalar.Value };
            case SequenceStart:
                var list = new YamlNode(line, YamlKind.List);
                while (!parser.TryConsume<SequenceEnd>(out _)) list.Items.Add(Node(depth + 1));
                return list;
            case MappingStart:
                var map = new YamlNode(line, YamlKind.Map);
                while (!parser.TryConsume<MappingEnd>(out _)) Entry(map, depth + 1);
                return map;
            default: return new YamlNode(line, YamlKind.Empty);
        }
    }

    private void Entry(YamlNode map, int depth)
    {
        var key = Node(depth);
        var value = Node(depth);
        if (key.Kind != YamlKind.Scalar) Report(key.Line, "expected a key that is text, found another", "write a name before the colon");
        else if (!map.TryAdd(key.Text, key.Line, value)) Report(key.Line, $"expected each key once, found {Excerpt.Of(key.Text)} twice", "remove one of them");
    }

    private static int Line(ParsingEvent at) => (int)at.Start.Line;

    private void Report(int line, string found, string remedy) => problems.Report(line, found, remedy);
}
