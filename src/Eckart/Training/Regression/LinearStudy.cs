using System.Collections.Immutable;
using Eckart.Formats;
using Eckart.Pruning;
using Eckart.Theory;

namespace Eckart.Training.Regression;

/// <summary>The paper's argument end to end, on a model for which its theory is exact: Theorem 1 layer by layer, and Theorem 2's bound beside the generalisation error under truncation by layer and rate.</summary>
/// <remarks>A prompt shows b of its N demonstrations, in every layer, each with weight N/b: so the layer's step is Assumption 1's G̃_t, and C_t its covariance. Attention itself would sum the b alone, b/N of G̃_t:
/// without softmax nothing evens that out. Every truncation sees the same prompts.</remarks>
public sealed class LinearStudy
{
    private const ulong Purpose = 0x7468_656F_7279;     // "theory": other functions than those of the training

    private readonly LinearModel model;
    private readonly Prompt[] prompts;

    /// <summary>Draws the prompts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">How it is measured.</param>
    /// <exception cref="InputException">b is not from 1 to N, or there is nothing to measure on.</exception>
    public LinearStudy(LinearModel model, LinearStudySettings settings)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(settings);
        (this.model, Given) = (model, settings.Given ?? model.Demonstrations / 2);
        _ = SubsetCovariance.Factor(model.Demonstrations, Given);       // refuses an impossible b
        if (settings.Prompts < 1 || settings.FreshPoints < 1) throw new InputException("study", $"expected prompts and fresh points, found {settings.Prompts} and {settings.FreshPoints}", "give at least one of each");
        prompts = [.. Enumerable.Range(0, settings.Prompts).Select(place => Draw(settings, place))];
    }

    /// <summary>b.</summary>
    public int Given { get; }

    /// <summary>Prompts.</summary>
    public int Prompts => prompts.Length;

    /// <summary>By layer, the largest relative error of Theorem 1: what attention makes of test token and demonstrations against I + W_t times what they were.</summary>
    public ImmutableArray<double> TheoremOneErrors()
    {
        var errors = new double[model.Layers.Length];
        foreach (var prompt in prompts)
        {
            var context = new TokenContext(prompt.Demonstrations, [.. prompt.Fresh.Column(0)[..^1], 0]);
            var (trajectory, start, tokens) = (Trajectory.Of(model.Layers, prompt.Demonstrations), context.Tokens, context.Tokens);
            for (var layer = 0; layer < errors.Length; layer++)
            {
                tokens = ImplicitGradient.Attend(model.Layers[layer], new TokenContext(tokens.First(context.Count), tokens.Column(context.Count)));
                errors[layer] = Math.Max(errors[layer], (tokens - start - (trajectory.Steps[layer].After * start)).Norm / tokens.Norm);
            }
        }

        return [.. errors];
    }

    /// <summary>The unedited model first, then every layer × {value, key, query, attention} × rate.</summary>
    /// <param name="rates">Those of equal ranks count once.</param>
    /// <param name="advance">Told each of them.</param>
    /// <param name="cancellation">Stops between them.</param>
    public ImmutableArray<TruncatedGap> Gaps(IEnumerable<ClippingRate> rates, Action advance, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(advance);
        var gaps = ImmutableArray.CreateBuilder<TruncatedGap>();
        foreach (var (name, edited) in Interventions(rates).Prepend(("none", model)))
        {
            cancellation.ThrowIfCancellationRequested();
            gaps.Add(Measure(name, edited));
            advance();
        }

        return gaps.ToImmutable();
    }

    /// <summary>How many <see cref="Gaps"/> measures.</summary>
    /// <param name="rates">As there.</param>
    public int Count(IEnumerable<ClippingRate> rates) => 1 + Interventions(rates).Count();

    private IEnumerable<(string Name, LinearModel Model)> Interventions(IEnumerable<ClippingRate> rates) =>
        from layer in Enumerable.Range(0, model.Layers.Length)
        from module in Modules
        from rate in rates.Where(rate => rate.KeptRank(model.Size, model.Size) < model.Size).DistinctBy(rate => rate.KeptRank(model.Size, model.Size))
        select ($"{module.Name}@{layer}:{rate}", model.Truncated(layer, rate.KeptRank(model.Size, model.Size), module.Matrices));

    private static IEnumerable<(string Name, AttentionMatrix[] Matrices)> Modules =>
        [.. Enum.GetValues<AttentionMatrix>().Select(matrix => (matrix.ToString().ToLowerInvariant(), new[] { matrix })), ("attention", Enum.GetValues<AttentionMatrix>())];

    private TruncatedGap Measure(string name, LinearModel edited)
    {
        var (shown, fresh, terms) = (0.0, 0.0, ImmutableArray.CreateBuilder<IReadOnlyList<BoundTerm>>(prompts.Length));
        foreach (var prompt in prompts)
        {
            var (operation, layers) = Run(edited, prompt);
            (shown, fresh) = (shown + Error(operation, prompt.Demonstrations), fresh + Error(operation, prompt.Fresh));
            terms.Add(layers);
        }

        return new TruncatedGap(name, shown / prompts.Length, fresh / prompts.Length, terms.ToImmutable());
    }

    // Eq. (4) with η = 1: the step taken is that of the b demonstrations, the best one that of all N, both at the W_{t−1} that the steps before led to.
    private (RealMatrix Operation, BoundTerm[] Terms) Run(LinearModel edited, Prompt prompt)
    {
        var identity = RealMatrix.Identity(model.Size);
        var (operation, terms) = (identity, new List<BoundTerm>());
        foreach (var layer in edited.Layers)
        {
            var states = operation * prompt.Demonstrations;
            terms.Add(BoundTerm.Of(new TrajectoryStep(layer, states, operation - identity, ImplicitGradient.Of(layer, states)), Given));
            var step = (double)prompt.Demonstrations.Columns / Given * ImplicitGradient.Of(layer, states.Select(prompt.Given));
            operation += step * operation;
        }

        return (operation, [.. terms]);
    }

    private static double Error(RealMatrix operation, RealMatrix tokens) =>
        Enumerable.Range(0, tokens.Columns).Average(i =>
        {
            var token = tokens.Column(i);
            return Math.Pow(LinearModel.Predict(operation, token) - token[^1], 2);
        });

    private Prompt Draw(LinearStudySettings settings, int place)
    {
        var (random, n) = (SeededDraws.At(Purpose, (ulong)settings.Seed, (ulong)place), model.Demonstrations);
        var function = FunctionSample.DrawOnSpheres(random, model.Size - 1, n + settings.FreshPoints);
        var tokens = RealMatrix.Of(model.Size, function.Points, (row, point) => row < model.Size - 1 ? function.Inputs[(point * function.Dimensions) + row] : function.Outputs[point]);
        int[] order = [.. Enumerable.Range(0, n)];
        random.Shuffle<int>(order);
        return new Prompt(tokens.First(n), tokens.Select([.. Enumerable.Range(n, settings.FreshPoints)]), order[..Given]);
    }

    // Tokens [x; y], a column each; Given: the demonstrations that are shown.
    private sealed record Prompt(RealMatrix Demonstrations, RealMatrix Fresh, int[] Given);
}
