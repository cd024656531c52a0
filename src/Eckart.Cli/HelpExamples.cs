using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Eckart.Cli;

/// <summary>Help that ends in commands to copy, in lines that any terminal holds.</summary>
internal sealed class HelpExamples(HelpAction help) : SynchronousCommandLineAction
{
    private const int Columns = 100;

    private static readonly Dictionary<string, string[]> Examples = new()
    {
        ["eckart"] =
        [
            "eckart inspect --model MODEL                         which layer would be truncated",
            "eckart search --model MODEL --task sst2 --data DATA  by how much, and what it is worth",
            "eckart VERB --help                                   the options of a verb",
        ],
        ["search"] =
        [
            "eckart search --model MODEL --task cb --data DATA",
            "eckart search --model MODEL --task tickets.yaml --module attention --rates 0.5,0.9 --out runs/mine",
            "eckart search --model MODEL --task rte --data DATA --layer all --validation 100 --json",
        ],
        ["evaluate"] =
        [
            "eckart evaluate --model MODEL --task cb --data DATA",
            "eckart evaluate --model MODEL --task cb --data DATA --intervention mlp@-1:0.95 --samples cb.jsonl",
        ],
        ["score"] =
        [
            "echo '{\"prompt\": \"The sky is\", \"choices\": [\" blue\", \" green\"]}' > in.jsonl",
            "eckart score --model MODEL --input in.jsonl",
            "eckart score --model MODEL --input in.jsonl --intervention mlp@26:0.95+attention@27:0.9",
        ],
        ["inspect"] =
        [
            "eckart inspect --model MODEL",
            "eckart inspect --model MODEL --module attention --figure conditions.svg",
        ],
        ["tokenize"] =
        [
            "eckart tokenize --model MODEL --text 'The sky is'",
            "eckart tokenize --model MODEL --input texts.jsonl > ids.jsonl",
            "eckart tokenize --model MODEL --input ids.jsonl --decode",
        ],
        ["tasks"] = ["eckart tasks", "eckart tasks show cb", "eckart tasks render cb --data DATA --split validation --validation 5"],
        ["render"] = ["eckart tasks render cb --data DATA --split validation --validation 5"],
        ["models"] = ["eckart models", "eckart models show MODEL"],
    };

    /// <summary>Gives the help of every verb its examples.</summary>
    public static void AddTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Description = "Show this help.";
        option.Action = new HelpExamples((HelpAction)option.Action!);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        help.MaxWidth = Columns;
        var exit = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        if (!Examples.TryGetValue(command is RootCommand ? "eckart" : command.Name, out var lines)) return exit;
        output.WriteLine("Examples:");
        foreach (var line in lines) output.WriteLine($"  {line}");
        output.WriteLine();
        return exit;
    }
}
