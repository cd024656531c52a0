using System.CommandLine;
using System.Globalization;
using Eckart.Engine;
using Eckart.Experiments;
using Eckart.Pruning;
using Eckart.Search;
using Eckart.Tasks;

namespace Eckart.Cli;

/// <summary>The unedited and the chosen model on the test rows, after other numbers of demonstrations than the search's.</summary>
internal sealed class ShotsStudy
{
    private const string Usual = "0,1,2,4,8";
    private const string None = "none";

    public static readonly Option<string> Option = new("--by-shots") { Description = $"Test the unedited and the chosen model after these numbers of demonstrations too. Not given: {None}; {Usual} where neither a model nor a task is given.", HelpName = "0,1,…" };

    private readonly (TaskSession Session, QuerySet Test)[] sets;

    private ShotsStudy((TaskSession, QuerySet)[] sets) => this.sets = sets;

    /// <summary>Reads and encodes everything that is asked for, before anything runs.</summary>
    public static ShotsStudy Of(ParseResult args, TaskSession session)
    {
        var text = args.GetValue(Option) ?? (TaskItems.IsDefault(args) ? Usual : None);
        int[] shots = text == None ? [] : [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Parse).Distinct().Order()];
        return new ShotsStudy([.. shots.Select(session.WithShots).Select(other => (other, other.Test()))]);
    }

    /// <summary>Runs what the journal lacks.</summary>
    public IReadOnlyList<ShotsPoint> Run(Journal journal, Intervention chosen, Action<WorkDone>? progress, CancellationToken cancellation) =>
    [
        .. sets.Select(set =>
        {
            Intervention[] wanted = chosen.IsNone ? [Intervention.None] : [Intervention.None, chosen];
            var trials = set.Session.Runner(journal).Run([.. wanted.Select(one => new TrialRequest(set.Test, one))], [], progress, cancellation);
            return new ShotsPoint(set.Session.Shots, trials[0], trials[^1]);
        }),
    ];

    private static int Parse(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
        : throw OptionValues.Refuse(Option.Name, $"numbers of demonstrations such as {Usual}, or {None}", text);
}
