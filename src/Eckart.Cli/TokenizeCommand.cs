using System.CommandLine;
using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Formats.HuggingFace.Hub;
using Eckart.Formats.Tokenizers;
using Eckart.Models;

namespace Eckart.Cli;

/// <summary><c>tokenize</c>: texts to token ids and back, as the reference implementation has them.</summary>
internal static class TokenizeCommand
{
    private static readonly Option<string> Text = new("--text") { Description = "One text, in place of --input.", HelpName = "TEXT" };
    private static readonly Option<bool> Plain = new("--plain") { Description = "Without the special tokens that the tokenizer adds." };
    private static readonly Option<bool> Decode = new("--decode") { Description = "From {\"ids\": […]} to {\"text\": …}." };

    public static Command Create()
    {
        var command = new Command("tokenize", "Turn texts into token ids, or back.")
            .With(CommonOptions.Model, LineInput.Option, Text, Plain, Decode);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var output = args.InvocationConfiguration.Output;
        if (args.GetValue(Text) is not null && (args.GetValue(Decode) || args.GetValue(LineInput.Option) is not null))
            throw new InputException(Text.Name, "expected no --input or --decode beside it, found one", $"leave {Text.Name} out, or the others");
        using var tokenizer = Open(ModelPath.Of(args, HubContent.Tokenizer, cancellation));
        if (args.GetValue(Text) is { } text)
        {
            output.WriteJsonLine(Encoded(tokenizer, text, !args.GetValue(Plain)));
            return;
        }

        // All or nothing: a line that is refused leaves no half of an output behind.
        var lines = LineInput.Read(args).Select(row => LineInput.At(row, () => args.GetValue(Decode)
            ? new JsonObject { ["text"] = tokenizer.Decode(LineInput.Integers(row, "ids")) }
            : Encoded(tokenizer, row.Text("text"), !args.GetValue(Plain)))).ToList();
        foreach (var line in lines) output.WriteJsonLine(line);
    }

    private static JsonObject Encoded(TextTokenizer tokenizer, string text, bool special)
    {
        var ids = tokenizer.Encode(text, special);
        return new JsonObject { ["ids"] = JsonOutput.Array(ids), ["tokens"] = JsonOutput.Array(ids.Select(tokenizer.Token)) };
    }

    // A folder that holds only a tokenizer will do: no weights are needed.
    private static TextTokenizer Open(string path)
    {
        var file = Path.Combine(path, "tokenizer.json");
        if (Directory.Exists(path)) return TextTokenizer.Load(file);
        using var checkpoint = Checkpoint.Open(path);
        return checkpoint.LoadTokenizer();
    }
}
