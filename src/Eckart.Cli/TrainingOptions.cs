using System.CommandLine;
using System.Globalization;
using Eckart.Training;
using Eckart.Training.Regression;

namespace Eckart.Cli;

/// <summary>Options of every training: the model's shape and how it is trained.</summary>
/// <param name="usual">What holds where an option is absent.</param>
/// <param name="sequences">What a batch is made of, for the help.</param>
/// <param name="keeps">Whether models are kept on the way where nothing is said of it.</param>
internal sealed class TrainingOptions(TrainingSettings usual, string sequences, bool keeps)
{
    private readonly Option<string> family = new("--family") { Description = $"Layout of the model: {string.Join(" or ", TrainingSettings.Families)}.", HelpName = "NAME", DefaultValueFactory = _ => usual.Family };
    private readonly Option<int?> layers = Count("--layers", "Decoder layers.", usual.Layers);
    private readonly Option<int?> width = Count("--width", "Size of the hidden states.", usual.Width);
    private readonly Option<int?> heads = Count("--heads", "Heads of attention.", usual.Heads);
    private readonly Option<int?> mlp = Count("--mlp", "Inner size of the MLP.", usual.MlpSize);
    private readonly Option<int?> steps = Count("--steps", "Steps in all.", usual.Steps);
    private readonly Option<int?> batch = Count("--batch", $"{sequences} a step.", usual.Batch);
    private readonly Option<double?> learningRate = new("--lr") { Description = "Highest learning rate.", HelpName = "R", DefaultValueFactory = _ => usual.LearningRate, CustomParser = OptionValues.Fraction };
    private readonly Option<long?> seed = new("--seed") { Description = $"Of weights and {sequences.ToLowerInvariant()}.", HelpName = "S", DefaultValueFactory = _ => usual.Seed, CustomParser = OptionValues.Whole<long> };
    private readonly Option<string> keep = new("--keep") { Description = $"Steps after which the model is kept too, under steps/. Not given: {(keeps ? "a sixteenth, a quarter and half of all" : "none")}.", HelpName = "N,N,…" };

    /// <summary>Where the training goes.</summary>
    public Option<string> Out { get; } = new("--out") { Description = "The model's folder. A training that was stopped in it goes on from its last checkpoint.", HelpName = "DIR", Required = true };

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [family, layers, width, heads, mlp, steps, batch, learningRate, seed, keep, CommonOptions.DType, Out, CommonOptions.Threads, CommonOptions.Json, CommonOptions.Quiet];

    /// <summary>What the options say.</summary>
    public TrainingSettings Settings(ParseResult args) => usual with
    {
        Family = args.GetValue(family)!,
        Layers = args.GetValue(layers)!.Value,
        Width = args.GetValue(width)!.Value,
        Heads = args.GetValue(heads)!.Value,
        MlpSize = args.GetValue(mlp)!.Value,
        Steps = args.GetValue(steps)!.Value,
        WarmUp = Math.Min(usual.WarmUp, args.GetValue(steps)!.Value / 10),
        Batch = args.GetValue(batch)!.Value,
        LearningRate = args.GetValue(learningRate) is > 0 and var rate ? rate : throw OptionValues.Refuse(learningRate.Name, "a number above 0", args.GetValue(learningRate)!.Value.ToString(CultureInfo.InvariantCulture)),
        Seed = args.GetValue(seed)!.Value,
        DType = args.GetValue(CommonOptions.DType)!,
        Keep = KeptSteps(args),
    };

    /// <summary>What the options say of a linear attention model: those that are given, its own defaults for the others.</summary>
    /// <exception cref="Formats.InputException">An option is given that such a model has no use for.</exception>
    public LinearTrainingSettings Linear(ParseResult args)
    {
        foreach (var option in new Option[] { family, width, heads, mlp, keep, CommonOptions.DType, CommonOptions.Threads })
            if (args.IsGiven(option)) throw new Formats.InputException(option.Name, "expected it absent with --attention linear, found it given", "leave it out: such a model is float64, on one thread, quickly trained, and its layers are (d + 1, d + 1) matrices alone");
        var plain = new LinearTrainingSettings();
        return plain with
        {
            Layers = args.IsGiven(layers) ? args.GetValue(layers)!.Value : plain.Layers,
            Steps = args.IsGiven(steps) ? args.GetValue(steps)!.Value : plain.Steps,
            Batch = args.IsGiven(batch) ? args.GetValue(batch)!.Value : plain.Batch,
            LearningRate = args.IsGiven(learningRate) ? args.GetValue(learningRate)!.Value : plain.LearningRate,
            Seed = args.GetValue(seed)!.Value,
        };
    }

    /// <summary>An option for a number above 0.</summary>
    public static Option<int?> Count(string name, string description, int usual) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual, CustomParser = OptionValues.Count };

    private long[]? KeptSteps(ParseResult args) => (args.GetValue(keep), args.GetValue(steps)!.Value) switch
    {
        (null, _) when !keeps => null,
        (null, var all) => [.. new long[] { all / 16, all / 4, all / 2 }.Where(step => step > 0).Distinct()],
        ({ } text, _) => [.. text.Split(',', StringSplitOptions.TrimEntries).Select(one => long.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : throw OptionValues.Refuse(keep.Name, "numbers of steps such as 500,2000", one)).Distinct().Order()],
    };
}
