using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Eckart.Experiments;

namespace Eckart.Reporting.Page;

/// <summary>The trials of a report as compact JSON for the page's script, within a budget: predictions and texts that do not fit are left out, and the page says so.</summary>
internal static class PageData
{
    private const int MostPredictions = 800_000;        // characters, one a prediction
    private const int MostText = 600_000;
    private const int LongestText = 600;
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    private static readonly string[] Fields = ["group", "edit", "correct", "low", "high", "gained", "lost", "p", "corrected", "macro_f1", "f1", "mcc", "nll", "calibration_error", "predictions"];

    // Letters of any script as they are, but nothing that could end the element it stands in.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>The JSON, safe inside a script element.</summary>
    public static byte[] Of(ReportData data)
    {
        var groups = data.Episodes.SelectMany(episode => episode.Splits.Select(split => new PageGroup(episode, split))).ToArray();
        var kept = KeptPredictions(groups);
        var texts = new Dictionary<string, int>();
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("fields");
            foreach (var field in Fields) json.WriteStringValue(field);
            json.WriteEndArray();
            WriteGroups(json, groups, kept, texts);
            json.WriteStartArray("texts");
            foreach (var text in texts.Keys) json.WriteStringValue(text);
            json.WriteEndArray();
            json.WriteStartArray("trials");
            foreach (var (i, group) in groups.Index())
                foreach (var trial in group.Split.Trials) WriteTrial(json, i, trial, kept.Contains(trial));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    // All, or else those that a reader would look at first: unedited, chosen, best.
    private static HashSet<TrialSummary> KeptPredictions(PageGroup[] groups)
    {
        var kept = new HashSet<TrialSummary>(ReferenceEqualityComparer.Instance);
        var left = MostPredictions;
        var first = groups.SelectMany(group => group.Split.Best is var best ? group.Split.Trials.Where(trial => trial.IsUnedited || trial == best || group.IsChosen(trial)) : []);
        var others = groups.SelectMany(group => group.Split.Trials.OrderByDescending(trial => trial.Trial.Correct).Index()).OrderBy(one => one.Index).Select(one => one.Item);
        foreach (var trial in first.Concat(others))
            if (trial.Trial.N <= left && trial.Trial.Scores.All(row => row.Length <= Digits.Length) && kept.Add(trial)) left -= trial.Trial.N;
        return kept;
    }

    private static void WriteGroups(Utf8JsonWriter json, PageGroup[] groups, HashSet<TrialSummary> kept, Dictionary<string, int> texts)
    {
        var (place, room) = (0, MostText);
        json.WriteStartArray("groups");
        foreach (var group in groups)
        {
            var (key, split) = (group.Episode.Key, group.Split);
            json.WriteStartObject();
            json.WriteString("model", group.Episode.Model);
            json.WriteString("task", key.Task);
            json.WriteString("protocol", key.Protocol);
            json.WriteString("run", group.Episode.Run.Title);
            json.WriteString("dtype", key.Dtype);
            json.WriteString("svd", key.Svd);
            json.WriteNumber("order", key.Order ?? 0);
            json.WriteNumber("shots", key.Shots);
            json.WriteNumber("seed", key.Seed);
            json.WriteString("split", split.Split);
            json.WriteNumber("n", split.N);
            json.WriteNumber("alpha", group.Episode.Run.Alpha);
            json.WriteString("level", ReportNumber.Level(group.Episode.Run.Alpha));
            json.WriteNumber("majority", Math.Round(split.Majority, 4));
            json.WriteNumber("compared", split.Compared);
            if (group.Control is { } control) json.WriteString("control", control);
            if (split.Unedited is { } unedited) json.WriteNumber("unedited", place + split.Trials.IndexOf(unedited));
            else json.WriteNull("unedited");
            if (split.Trials.Any(kept.Contains)) WriteItems(json, group, kept, texts, ref room);
            json.WriteEndObject();
            place += split.Trials.Length;
        }

        json.WriteEndArray();
    }

    private static void WriteItems(Utf8JsonWriter json, PageGroup group, HashSet<TrialSummary> kept, Dictionary<string, int> texts, ref int room)
    {
        var trial = group.Split.Trials[0].Trial;
        json.WriteString("gold", string.Concat(trial.Gold.Select(gold => gold < Digits.Length ? Digits[gold] : '?')));
        json.WriteStartArray("rows");
        foreach (var row in trial.Rows) json.WriteNumberValue(row);
        json.WriteEndArray();
        if (ItemTexts.Read(group.Episode.Run.Folder, trial) is not { } items) return;

        json.WriteStartArray("choices");
        foreach (var choices in items.Choices)
        {
            json.WriteStartArray();
            foreach (var choice in choices) json.WriteStringValue(Cut(choice));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        var changed = group.Changed(kept);
        json.WriteStartArray("texts");
        foreach (var (query, text) in items.Texts.Index()) json.WriteNumberValue(changed[query] ? PlaceOf(Cut(text), ref room) : -1);
        json.WriteEndArray();

        int PlaceOf(string text, ref int left)
        {
            if (texts.TryGetValue(text, out var known)) return known;
            if (text.Length > left) return -1;
            left -= text.Length;
            texts.Add(text, texts.Count);
            return texts.Count - 1;
        }
    }

    private static void WriteTrial(Utf8JsonWriter json, int group, TrialSummary one, bool withPredictions)
    {
        var trial = one.Trial;
        json.WriteStartArray();
        json.WriteNumberValue(group);
        json.WriteStringValue(trial.Intervention);
        json.WriteNumberValue(trial.Correct);
        Write(one.Interval.Low);
        Write(one.Interval.High);
        WriteCount(one.Comparison?.Gained);
        WriteCount(one.Comparison?.Lost);
        WriteP(one.Comparison?.PValue);
        WriteP(one.Corrected);
        foreach (var metric in new[] { trial.MacroF1, trial.F1, trial.Mcc, trial.NegativeLogLikelihood, trial.CalibrationError }) Write(metric);
        json.WriteStringValue(withPredictions ? string.Concat(trial.Predictions().Select(choice => Digits[choice])) : "");
        json.WriteEndArray();

        void Write(double? value)
        {
            if (value is not { } number) json.WriteNullValue();
            else if (double.IsFinite(number)) json.WriteNumberValue(Math.Round(number, 4));
            else json.WriteStringValue(ReportNumber.Share(number));
        }

        void WriteCount(int? value)
        {
            if (value is { } number) json.WriteNumberValue(number);
            else json.WriteNullValue();
        }

        void WriteP(double? value)
        {
            if (value is { } number) json.WriteRawValue(number.ToString("G4", CultureInfo.InvariantCulture), skipInputValidation: true);
            else json.WriteNullValue();
        }
    }

    // By runes: a cut through a surrogate pair would leave half a letter.
    private static string Cut(string text)
    {
        if (text.Length <= LongestText) return text;
        var end = char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText;
        return $"{text[..end]}… ({ReportNumber.Of(text.Length - end, "further character")})";
    }
}
