using System.Collections.Immutable;
using System.Globalization;
using Eckart.Experiments.Plans;
using Eckart.Pruning;
using Eckart.Statistics;
using Eckart.Tasks;

namespace Eckart.Reporting.Chapters;

/// <summary>The paper's numbers beside ours, in the paper's order, where model and task are the same.</summary>
internal sealed class PaperChapter : IReportChapter
{
    private static readonly ImmutableArray<string> Columns =
        ["paper", "model", "task", "module", "its layer", "its ξ", "its before", "its after", "our layer", "our ξ", "our before", "our after", "n", "what differs"];

    public IEnumerable<ReportSection> Of(ReportData data)
    {
        var searched = Rows(PaperTable.Searches, data.Episodes.SelectMany(episode => episode.Searches.Where(search => search.Result is not null).Select(search => Ours(episode, search))));
        var peaks = Rows(PaperTable.Peaks, data.Episodes.Where(episode => !episode.Run.Searches).SelectMany(Peaks));
        ImmutableArray<ReportBlock> blocks =
        [
            .. Table("Algorithm 1 on test items, Tables 2 to 8 (Appendix C.5)", searched), .. Table("The best rate of a layer: Figures 1 and 2, Appendix B.3; the paper's on validation items", peaks),
        ];
        if (!blocks.IsEmpty)
            yield return new ReportSection("The paper's numbers beside ours",
            [
                .. blocks,
                new ReportSentence("The paper's LLaMA2-7B is the chat model in its published code. Its accuracies of MRPC, RTE and CB divide by n - 1, its decompositions are random and edit the edited model again, rate after rate; ours divide by n, are exact unless said otherwise, and start from the unedited model. It tests nothing and has one seed: differences of a few items are chance."),
            ]);
        else if (data.Runs.Any(run => run.Trials.Count > 0 && run.Plan is { Paper.Length: > 0 }))
            yield return new ReportSection("The paper's numbers", [new ReportSentence($"{string.Join("; ", data.Runs.Where(run => run.Trials.Count > 0).Select(run => run.Plan?.Paper).Where(paper => paper?.Length > 0).Distinct())} of the paper: its models are GPT-J-6B and LLaMA-2-7B. None of them is here at one of its tasks, so that none of its numbers stands beside ours.")]);
    }

    private static IEnumerable<ReportBlock> Table(string caption, ImmutableArray<ImmutableArray<ReportCell>> rows) => rows.IsEmpty ? [] : [new ReportTable(caption, Columns, rows)];

    private static ImmutableArray<ImmutableArray<ReportCell>> Rows(IEnumerable<PaperNumber> numbers, IEnumerable<OurNumber> ours)
    {
        var all = ours.ToArray();
        return [.. from number in numbers from our in all where our.Is(number) select Row(number, our)];
    }

    private static ImmutableArray<ReportCell> Row(PaperNumber number, OurNumber our) =>
    [
        number.Where, number.Model, number.Task, number.Module, ReportNumber.Count(number.Layer), number.Rate is { } rate ? rate.ToString(CultureInfo.InvariantCulture) : "",
        number.Before is { } before ? ReportNumber.Share(before) : "", ReportNumber.Share(number.After), our.Layer is { } layer ? ReportNumber.Count(layer) : "", our.Rate.ToString(),
        our.Before is { } unedited ? ReportNumber.Accuracy(unedited) : "", ReportNumber.Accuracy(our.After), ReportNumber.Count(our.After.N), our.Differences(number),
    ];

    private static OurNumber Ours(EpisodeSummary episode, SearchSummary search)
    {
        var (result, chosen) = (search.Result!, search.Choice.Chosen);
        var tried = search.Choice.Tried.Select(one => one.Layer).OfType<int>().Distinct().ToArray();
        return new OurNumber(episode, search.Module, "test", chosen.Layer ?? (tried is [var only] ? only : null), IsSearch: true, chosen.Rate, new Proportion(result.Before.Correct, result.Before.N), new Proportion(result.After.Correct, result.After.N));
    }

    private static IEnumerable<OurNumber> Peaks(EpisodeSummary episode) =>
        from split in episode.Splits
        from layer in split.Trials.Where(trial => trial.Truncation is not null).GroupBy(trial => (trial.Truncation!.Module, trial.Truncation.Layer))
        let best = layer.MaxBy(trial => trial.Trial.Correct)!
        let unedited = split.Unedited
        let kept = unedited is not null && unedited.Trial.Correct >= best.Trial.Correct
        select new OurNumber(episode, layer.Key.Module, split.Split, layer.Key.Layer, IsSearch: false, kept ? default : best.Truncation!.Rate, unedited?.Proportion, kept ? unedited!.Proportion : best.Proportion);

    private sealed record OurNumber(EpisodeSummary Episode, Module Module, string Split, int? Layer, bool IsSearch, ClippingRate Rate, Proportion? Before, Proportion After)
    {
        // A search may choose another layer than the paper's; a peak is of its own layer.
        public bool Is(PaperNumber number) => number.IsModel(Episode.Model) && number.IsTask(Episode.Key.Task) && number.Module == Module.Name
            && (IsSearch || number.Layer == Layer) && (number.Shots is null || number.Shots == Episode.Key.Shots);

        public string Differences(PaperNumber number)
        {
            var key = Episode.Key;
            string?[] all =
            [
                key.Protocol == "authors" ? null : $"prompts and items of the {key.Protocol} protocol", key.Svd == "randomized" ? null : $"{key.Svd} decomposition", Layer == number.Layer ? null : "layer",
                Items(Episode.Run.Plan), number.Shots is null && Episode.Run.Plan is { Shots.IsEmpty: false } ? ReportNumber.Of(key.Shots, "demonstration") : null,
                Episode.Run.Plan is { Seeds.IsEmpty: false } ? $"seed {ReportNumber.Count(key.Seed)}" : null, key.Order is { } order ? $"order {ReportNumber.Count(order)} of the demonstrations" : null,
                key.Dtype == "f32" ? null : key.Dtype, IsSearch || Split == "validation" ? null : $"{Split} items", Episode.Run.IsComplete ? null : "the run is not complete",
            ];
            return string.Join("; ", all.OfType<string>());
        }

        // Of either split, as a choice depends on both.
        private static string? Items(Plan? plan) => plan is { } there && (there.Validation ?? there.Test) is not null
            ? $"{string.Join(" and ", new[] { AtMost(there.Validation, "validation"), AtMost(there.Test, "test") }.OfType<string>())} items" : null;

        private static string? AtMost(int? most, string split) => most is { } count && count != SampleSize.All ? $"at most {ReportNumber.Count(count)} {split}" : most is null ? null : $"all {split}";
    }
}
