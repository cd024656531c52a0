using System.CommandLine;
using Eckart.Formats.HuggingFace.Hub;

namespace Eckart.Cli;

/// <summary>A model that is named by its id on the hub, found in its cache or downloaded into it.</summary>
internal static class HubModel
{
    /// <summary>The folder of the model's snapshot; null where the text is no id.</summary>
    public static string? Find(string named, ParseResult args, HubContent content, CancellationToken cancellation)
    {
        if (HubId.Parse(named) is not { } id) return null;
        var source = new HubSource(HubSettings.FromEnvironment(Environment.GetEnvironmentVariable), HubPlatform.Machine);
        HubSnapshot snapshot;
        using (var progress = Progress.Start(args, $"download {id}", "MB"))
            snapshot = source.FindAsync(id, content, progress.Report, cancellation).GetAwaiter().GetResult();
        if (snapshot.Note is { } note && !args.GetValue(CommonOptions.Quiet)) args.InvocationConfiguration.Error.WriteLine(note);
        return snapshot.Path;
    }
}
