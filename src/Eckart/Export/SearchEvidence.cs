using System.Text.Json;
using Eckart.Experiments;
using Eckart.Formats;
using Eckart.Statistics;

namespace Eckart.Export;

/// <summary>What a search's folder says for an intervention: the one test that it was held to, and its controls.</summary>
public sealed record SearchEvidence
{
    private const string Result = "search.json";
    private const string Remedy = "give the --out folder of an eckart search that has come to its end";
    private static readonly JsonSerializerOptions Strict = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private SearchEvidence(Document search, TrialKey key) => (this.search, Key) = (search, key);

    private readonly Document search;

    /// <summary>What decides the numbers of the test of the chosen intervention: digest of the model, decomposition, dtype, task and demonstrations.</summary>
    public TrialKey Key { get; }

    /// <summary>The chosen intervention, in the notation of the command line.</summary>
    public string Intervention => search.Chosen.Intervention;

    /// <summary>Interventions that were tried on validation items, the unedited model included.</summary>
    public int Tried => search.Validation.Length;

    /// <summary>Test items.</summary>
    public int N => search.Test.N;

    /// <summary>Accuracy of always giving the most frequent answer.</summary>
    public double Majority => search.Test.Majority;

    /// <summary>Level of the intervals.</summary>
    public double Alpha => search.Alpha;

    /// <summary>The unedited model's.</summary>
    public Proportion Before => new(search.Test.Before.Correct, N);

    /// <summary>The edited model's.</summary>
    public Proportion After => new(search.Test.After.Correct, N);

    /// <summary>The unedited model's with one additive bias a label, fitted on the validation items.</summary>
    public Proportion Bias => new(search.Test.Controls.Bias.Correct, N);

    /// <summary>The unedited model's with an affine map a label, fitted on the validation items.</summary>
    public Proportion Affine => new(search.Test.Controls.Affine.Correct, N);

    /// <summary>Items that only the edited model has right.</summary>
    public int Gained => search.Test.Gained;

    /// <summary>Items that only the unedited model has right.</summary>
    public int Lost => search.Test.Lost;

    /// <summary>Of the exact McNemar test.</summary>
    public double PValue => search.Test.PValue;

    /// <summary>The search's verdict in words.</summary>
    public string Verdict => search.Test.Verdict;

    /// <summary>What was chosen, and what it is worth, in a line.</summary>
    public string Summary => $"{Intervention} was chosen: {Verdict}";

    /// <summary>Interval of the accuracy beyond that of the better control.</summary>
    public Interval BeyondControl => new(search.Test.BeyondControl[0], search.Test.BeyondControl[1]);

    /// <summary>Reads a search's folder.</summary>
    /// <param name="folder">Holds <c>search.json</c> and the journal.</param>
    /// <exception cref="InputException">No finished search, or files that do not go together.</exception>
    public static SearchEvidence Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = Path.Combine(folder, Result);
        if (!File.Exists(path)) throw new InputException(folder, $"expected a search's folder with {Result}, found none", Remedy);
        var search = Read(path);
        if (search.Test.BeyondControl.Length != 2 || search.Test.N < 1) throw new InputException(path, "expected a test of at least one item with an interval of two ends, found another", Remedy);
        // The folder may hold other searches' trials too.
        Trial[] tests = [.. Journal.Read(folder).Trials.Where(trial => trial.Split == "test" && trial.Intervention == search.Chosen.Intervention && trial.Key.Shots == search.Shots)];
        if (tests.Length == 0) throw new InputException(folder, $"expected a test trial of {search.Chosen.Intervention}, which {Result} says was chosen, found none", Remedy);
        var trial = tests.FirstOrDefault(trial => trial.N == search.Test.N && trial.Correct == search.Test.After.Correct && trial.Key.Task == search.Task && trial.Key.Seed == search.Seed);
        if (trial is not null) return new SearchEvidence(search, trial.Key);
        throw new InputException(path, $"expected the numbers of the test trial ({tests[0].Correct} of {tests[0].N} on {tests[0].Key.Task}), found {search.Test.After.Correct} of {search.Test.N} on {search.Task}", Remedy);
    }

    private static Document Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Document>(File.ReadAllBytes(path), Strict) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new InputException(path, $"expected a search's result, found another value at {e.Path ?? "its start"}", Remedy, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"expected a search's result, found none that can be read: {e.Message}", Remedy, e);
        }
    }

    private sealed record Document(string Task, long Seed, int Shots, double Alpha, JsonElement[] Validation, Choice Chosen, Outcome Test);

    private sealed record Choice(string Intervention);

    private sealed record Outcome(int N, double Majority, Count Before, Count After, int Gained, int Lost, double PValue, string Verdict, Fitted Controls, double[] BeyondControl);

    private sealed record Count(int Correct);

    private sealed record Fitted(Count Bias, Count Affine);
}
