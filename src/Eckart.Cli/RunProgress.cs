using System.CommandLine;
using Eckart.Engine;
using Eckart.Experiments.Plans;

namespace Eckart.Cli;

/// <summary>Shows how far a run of a plan is, one piece of work after another.</summary>
/// <param name="args">For <c>--quiet</c> and the writer of messages.</param>
/// <param name="name">Of an episode's walk.</param>
internal sealed class RunProgress(ParseResult args, Func<PlannedEpisode, string> name) : IDisposable
{
    private Progress? progress;
    private PlannedEpisode? episode;
    private bool walking;

    /// <summary>To be told of the run.</summary>
    public RunListener Listener => new()
    {
        Begun = begun => (episode, walking) = (begun, false),
        Worked = Report,
        Counting = (what, unit, count) => Show(Progress.Start(args, what, unit, count), walk: false),
        Counted = () => progress?.Advance(),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        progress?.Dispose();
        progress = null;
    }

    private void Report(WorkDone work)
    {
        if (!walking || progress is null) Show(Progress.Start(args, episode is null ? "walk" : name(episode)), walk: true);
        progress!.Report(work);
    }

    private void Show(Progress next, bool walk)
    {
        progress?.Dispose();
        (progress, walking) = (next, walk);
    }
}
