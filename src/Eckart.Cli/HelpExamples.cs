using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

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
            "eckart search                                        the embedded model and task",
            "eckart search --model MODEL --task cb --data DATA",
            "eckart search --model MODEL --task tickets.yaml --module attention --rates 0.5,0.9 --out runs/mine",
            "eckart search --model MODEL --task rte --data DATA --layer all --validation 100 --json",
        ],
        ["evaluate"] =
        [
            "eckart evaluate --model MODEL --task cb --data DATA",
            "eckart evaluate --model MODEL --task cb --data DATA --intervention mlp@-1:0.95 --samples cb.jsonl",
        ],
        ["predict"] =
        [
            "eckart predict --model MODEL --task cb --data DATA --input new.csv",
            "eckart predict --model MODEL --task tickets.yaml --input new.jsonl --output labelled.jsonl",
            "eckart predict --intervention mlp@2:0.75 --input phrases.jsonl     the embedded model and task",
            """
            where a row has the fields that the task's prompt names (eckart tasks show cb)
              and what is printed is {"row": 0, "label": "Yes", "probabilities": {"Yes": 0.9, "No": 0.1}}
            """,
        ],
        ["export"] =
        [
            "eckart export --model MODEL --intervention mlp@26:0.95 --out models/mine",
            "eckart export --model MODEL --run runs/mine --out models/mine      with the evidence of a search",
            "eckart export --model MODEL.gguf --intervention none --dtype bf16 --out models/plain",
        ],
        ["score"] =
        [
            "eckart score --model MODEL --input in.jsonl",
            "eckart score --model MODEL --input in.jsonl --intervention mlp@26:0.95+attention@27:0.9",
            """
            where a line of in.jsonl is {"prompt": "The sky is", "choices": [" blue", " green"]}
              or, without a tokenizer, {"prompt_ids": [504, 6376], "choice_ids": [[4461], [5478, 12]]}
              and what is printed is {"log_probabilities": [-1.3, -6.1], "tokens": [1, 2], "prediction": 0}
            """,
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
            """
            where a line of texts.jsonl is {"text": "The sky is"}
              and a line of ids.jsonl {"ids": [504, 6376, 314], "tokens": ["The", "Ġsky", "Ġis"]}
            """,
        ],
        ["run"] =
        [
            "eckart run plans/figure-1.yaml --dry-run",
            "eckart run plans/figure-1.yaml --model MODEL --data DATA --out runs/figure-1",
            "eckart run plans/figure-1.yaml --launcher local --shards 2 --out runs/figure-1",
            "eckart run plans/figure-1.yaml --launcher slurm --shards 64 --slurm '--time=2:00:00' --out runs/mine",
        ],
        ["status"] = ["eckart status runs/figure-1", "eckart status runs/figure-1 --json"],
        ["report"] = ["eckart report runs/figure-1", "eckart report runs/a runs/b --out runs/both"],
        ["merge"] = ["eckart merge runs/figure-1 --out runs/figure-1", "eckart merge runs/a runs/b --out runs/both"],
        ["tasks"] = ["eckart tasks", "eckart tasks show cb", "eckart tasks render cb --data DATA --split validation --validation 5"],
        ["tasks render"] = ["eckart tasks render cb --data DATA --split validation --validation 5"],
        ["bench"] =
        [
            "eckart bench --model MODEL --task sst2 --data DATA",
            "eckart bench --model MODEL --task cb --data DATA --cases search,sweep --dtype f32 --quick --json",
        ],
        ["train"] = ["eckart train microworld --out models/mine"],
        ["train microworld"] =
        [
            "eckart train microworld --out models/mine",
            "eckart train microworld --family gptj --layers 3 --steps 3000 --seed 2 --out models/twin",
        ],
        ["regression train"] =
        [
            "eckart regression train --out models/functions",
            "eckart regression train --family gptj --steps 40000 --keep 2000,10000 --out models/twin",
            "eckart regression train --attention linear --out models/linear    the theory's own model",
        ],
        ["regression evaluate"] =
        [
            "eckart regression evaluate --model models/functions --out runs/functions",
            "eckart regression evaluate --model models/functions --layer -1 --rates 0.5,0.9",
        ],
        ["theory trace"] =
        [
            "eckart theory trace                                  the embedded model and task",
            "eckart theory trace --model MODEL --task sst2 --data DATA --shots 10 --out runs/trace",
            "eckart theory trace --intervention mlp@2:0.75 --intervention query@1:0.5",
        ],
        ["theory patch"] = ["eckart theory patch --model MODEL --task sst2 --data DATA --shots 10", "eckart theory patch --intervention mlp@2:0.75 --json"],
        ["theory bound"] =
        [
            "eckart theory bound --intervention mlp@2:0.75 --intervention attention@1:0.9",
            "eckart theory bound --model MODEL --task cb --data DATA --layer 3,-2 --rates 0.5,0.9 --test 100",
        ],
        ["theory verify"] =
        [
            "eckart theory verify",
            "eckart theory verify --trials 10000 --seed 7 --json",
            "eckart theory verify --trained models/linear --out statements.md",
        ],
        ["models"] = ["eckart models", "eckart models show MODEL"],
    };

    /// <summary>Gives the help of every verb its examples.</summary>
    public static void AddTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Description = "Show this help.";
        root.Options.OfType<VersionOption>().Single().Description = "Show the version.";
        option.Action = new HelpExamples((HelpAction)option.Action!);
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        help.MaxWidth = Math.Min(help.MaxWidth, Columns);
        var exit = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (!Examples.TryGetValue(Verb(parseResult.CommandResult) is { Length: > 0 } verb ? verb : "eckart", out var lines)) return exit;
        output.WriteLine("Examples:");
        foreach (var line in lines.SelectMany(text => text.Split('\n'))) output.WriteLine($"  {line.TrimEnd()}");
        output.WriteLine();
        return exit;
    }

    private static string Verb(CommandResult command) => command.Parent is CommandResult parent ? $"{Verb(parent)} {command.Command.Name}".TrimStart() : "";
}
