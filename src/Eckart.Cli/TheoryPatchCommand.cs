using System.Collections.Immutable;
using System.CommandLine;
using Eckart.Theory.Tracing;

namespace Eckart.Cli;

/// <summary><c>theory patch</c>: the demonstrations as rank-one changes of a real model's weights.</summary>
internal static class TheoryPatchCommand
{
    public static Command Create()
    {
        var command = new Command("patch", "Turn demonstrations into a rank-one change of each layer's MLP and a shift, and check that the model without them then says the same.").With(TracedTask.Options);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var folder = args.FolderToWrite(TracedTask.Out);
        using var task = TracedTask.Open(args, cancellation);
        var report = new PatchReport(task, Find(args, task, cancellation));
        if (folder is not null) report.Save(folder);
        if (args.GetValue(CommonOptions.Json)) args.InvocationConfiguration.Output.WriteJson(report.ToJson());
        else report.Write(args.InvocationConfiguration.Output);
    }

    private static ImmutableArray<ModelPatch> Find(ParseResult args, TracedTask task, CancellationToken cancellation)
    {
        using var editor = task.Editor();
        using var progress = Progress.Start(args, "patch", "layers", (long)task.Session.Model.Spec.Layers * (1 + task.Interventions.Length));
        var patcher = new ContextPatcher(task.Session.Model.Model, editor);
        return [.. task.WithUnedited.Select(intervention => patcher.Find(task.Prompt, intervention, progress.Advance, cancellation))];
    }
}
