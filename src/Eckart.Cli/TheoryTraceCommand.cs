using System.Collections.Immutable;
using System.CommandLine;
using Eckart.Theory.Tracing;

namespace Eckart.Cli;

/// <summary><c>theory trace</c>: the implicit gradients of a real model's layers, unedited and edited.</summary>
internal static class TheoryTraceCommand
{
    private static readonly Option<string> Form = new("--form") { Description = "What takes the softmax's place where attention is a matrix: first-order, (1 + s - mean)/T for scores s of T tokens; or paper, s without softmax and scale, its Eq. (3).", HelpName = "NAME", DefaultValueFactory = _ => "first-order" };

    public static Command Create()
    {
        var command = new Command("trace", "Measure the implicit gradients that demonstrations are to a real model's layers and heads.").With(TracedTask.Options).With(Form);
        command.SetAction((args, cancellation) => Task.Run(() => Run(args, cancellation), cancellation));
        return command;
    }

    private static void Run(ParseResult args, CancellationToken cancellation)
    {
        var form = args.OneOf<LinearForm>(Form);
        var folder = args.FolderToWrite(TracedTask.Out);
        using var task = TracedTask.Open(args, cancellation);
        var report = new TraceReport(task, form, Trace(args, task, form, cancellation));
        if (folder is not null) report.Save(folder);
        if (args.GetValue(CommonOptions.Json)) args.InvocationConfiguration.Output.WriteJson(report.ToJson());
        else report.Write(args.InvocationConfiguration.Output);
    }

    private static ImmutableArray<ModelTrace> Trace(ParseResult args, TracedTask task, LinearForm form, CancellationToken cancellation)
    {
        using var editor = task.Editor();
        using var progress = Progress.Start(args, "trace", "layers", (long)task.Session.Model.Spec.Layers * (1 + task.Interventions.Length));
        var tracer = new GradientTracer(task.Session.Model.Model, editor, form);
        return tracer.Compare(task.Prompt, task.Interventions, progress.Advance, cancellation);
    }
}
