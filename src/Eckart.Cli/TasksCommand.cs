using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Eckart.Formats;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary><c>tasks</c>: what there is; <c>tasks show</c>: one task explained; <c>tasks render</c>: its items as a model is asked them.</summary>
internal static class TasksCommand
{
    private static readonly Argument<string> Name = new("name") { Description = CommonOptions.Task.Description };
    private static readonly Option<string> Split = new("--split") { Description = "Which items: validation, test or demonstrations.", HelpName = "NAME", DefaultValueFactory = _ => "test" };
    public static Command Create()
    {
        var show = new Command("show", "Explain a task: source, splits, template, choices, a rendered prompt, with a model also its tokens.") { Name }.With(CommonOptions.Sampling).With(CommonOptions.Model);
        show.SetAction((args, cancellation) => Task.Run(() => TaskExplanation.Write(args, args.GetValue(Name)!, args.InvocationConfiguration.Output, cancellation), cancellation));
        var render = new Command("render", "Write a task's items as a model is asked them: a line {\"row\", \"gold\", \"prompts\", \"choices\"} an item.") { Name }.With(CommonOptions.Sampling).With(Split, CommonOptions.Quiet);
        render.SetAction(Render);
        var command = new Command("tasks", "List tasks, explain one, or render its items.") { show, render, CommonOptions.Json };
        command.SetAction(List);
        return command;
    }

    private static void List(ParseResult args)
    {
        var output = args.InvocationConfiguration.Output;
        if (args.GetValue(CommonOptions.Json))
        {
            output.WriteJson(new JsonArray([.. TaskLibrary.Names.Select(name => Json(TaskLibrary.Load(name), embedded: false)), .. TaskLibrary.Microworld.Select(name => Json(TaskLibrary.Load(name), embedded: true))]));
            return;
        }

        List(TaskLibrary.Names, output);
        output.WriteLine();
        output.WriteLine("of the microworld, with their rows:");
        List(TaskLibrary.Microworld, output);
    }

    private static void List(ImmutableArray<string> names, TextWriter output)
    {
        var width = names.Max(name => name.Length);
        foreach (var task in names.Select(TaskLibrary.Load))
            output.WriteLine($"{task.Name.PadRight(width)}  {task.Title}; choices {string.Join(",", task.For(Protocol.Default).Choices)}; protocols {string.Join(", ", task.Variants.Keys.Select(KebabCase.Of))}");
    }

    private static JsonObject Json(TaskDefinition task, bool embedded) => new()
    {
        ["name"] = task.Name,
        ["version"] = task.Version,
        ["title"] = task.Title,
        ["choices"] = JsonOutput.Array(task.For(Protocol.Default).Choices.Select(choice => choice.ToString())),
        ["protocols"] = JsonOutput.Array(task.Variants.Keys.Select(KebabCase.Of)),
        ["embedded"] = embedded,
    };

    private static void Render(ParseResult args)
    {
        var variant = TaskItems.Variant(args, args.GetValue(Name));
        var split = args.GetValue(Split)!;
        if (split is not ("validation" or "test" or "demonstrations")) throw OptionValues.Refuse(Split.Name, "validation, test or demonstrations", split);
        var sample = TaskItems.Draw(args, variant);
        foreach (var item in (split switch { "validation" => sample.Validation, "test" => sample.Test, _ => sample.Demonstrations }).Items)
            args.InvocationConfiguration.Output.WriteJsonLine(new JsonObject { ["row"] = item.Row, ["gold"] = item.Gold, ["prompts"] = JsonOutput.Array(item.Prompts), ["choices"] = JsonOutput.Array(item.Choices) });
        if (args.GetValue(CommonOptions.Quiet)) return;
        foreach (var note in sample.Notes) args.InvocationConfiguration.Error.WriteLine($"note: {note}");
    }
}
