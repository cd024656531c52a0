using System.Collections.Immutable;
using Eckart.Formats;

namespace Eckart.Theory;

/// <summary>One layer of a trajectory.</summary>
/// <param name="Weights">Of the layer.</param>
/// <param name="Demonstrations">H_s^{t−1}, (D, N): the demonstrations as the layer reads them.</param>
/// <param name="Before">W_{t−1}.</param>
/// <param name="Update">ΔW_t.</param>
public sealed record TrajectoryStep(AttentionWeights Weights, RealMatrix Demonstrations, RealMatrix Before, RealMatrix Update)
{
    /// <summary>G_t = ΔW_t·(I + W_{t−1}).</summary>
    public RealMatrix Gradient { get; } = Update + (Update * Before);

    /// <summary>W_t = W_{t−1} + G_t.</summary>
    public RealMatrix After => Before + Gradient;

    /// <summary>I + W_{t−1}.</summary>
    public RealMatrix Operator => RealMatrix.Identity(Before.Rows) + Before;
}

/// <summary>Theorem 1: through L linear attention layers the test token is h^t = (I + W_t)·h⁰, where W_t = Σ_{j≤t} G_j and G_t = ΔW_t·(I + W_{t−1}), W_0 = 0.</summary>
/// <remarks><b>Source</b>: the paper, Theorem 1. <b>Deviation</b>: its printed sum has G_t under Σ_j where G_j is meant.</remarks>
public sealed record Trajectory
{
    private Trajectory(ImmutableArray<TrajectoryStep> steps) => Steps = steps;

    /// <summary>A step a layer.</summary>
    public ImmutableArray<TrajectoryStep> Steps { get; }

    /// <summary>I + W_L.</summary>
    public RealMatrix Operator => RealMatrix.Identity(Steps[0].Before.Rows) + Steps[^1].After;

    /// <summary>The trajectory where all demonstrations see one another, as the mask M has it: they too are multiplied by I + W_t.</summary>
    /// <param name="layers">At least one, all of one size.</param>
    /// <param name="demonstrations">H_s⁰, (D, N).</param>
    /// <exception cref="InputException">No layers, or shapes that do not fit.</exception>
    public static Trajectory Of(IReadOnlyList<AttentionWeights> layers, RealMatrix demonstrations)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var states = new List<RealMatrix>(layers.Count);
        var now = demonstrations;
        foreach (var layer in layers)
        {
            states.Add(now);
            now += ImplicitGradient.Of(layer, now) * now;
        }

        return Through(layers, states);
    }

    /// <summary>The trajectory from the demonstrations as each layer reads them, however they came to be: under a causal mask the closed form of <see cref="Of"/> fails, and this one stays exact.</summary>
    /// <param name="layers">At least one, all of one size.</param>
    /// <param name="states">H_s^{t−1} of each layer, (D, N).</param>
    /// <exception cref="InputException">No layers, another number of states, or shapes that do not fit.</exception>
    public static Trajectory Through(IReadOnlyList<AttentionWeights> layers, IReadOnlyList<RealMatrix> states)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(states);
        if (layers.Count == 0 || layers.Count != states.Count)
            throw new InputException("trajectory", $"expected at least one layer and the demonstrations before each, found {layers.Count} layers and {states.Count} states", "give as many states as layers");
        var steps = ImmutableArray.CreateBuilder<TrajectoryStep>(layers.Count);
        var before = RealMatrix.Zero(layers[0].Size, layers[0].Size);
        foreach (var (layer, state) in layers.Zip(states))
        {
            steps.Add(new TrajectoryStep(layer, state, before, ImplicitGradient.Of(layer, state)));
            before = steps[^1].After;
        }

        return new Trajectory(steps.ToImmutable());
    }

    /// <summary>h⁰, h¹, …, h^L of a token that demonstrations do not read: (I + W_t)·h⁰.</summary>
    /// <param name="token">D numbers.</param>
    public ImmutableArray<double[]> PathOf(IReadOnlyList<double> token)
    {
        double[] start = [.. token];
        return [start, .. Steps.Select(step => (RealMatrix.Identity(start.Length) + step.After).Times(start))];
    }
}
