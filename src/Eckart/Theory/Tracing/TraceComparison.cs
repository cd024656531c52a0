namespace Eckart.Theory.Tracing;

/// <summary>How norms moved from the unedited model to an edited one; those that are the same to the last bit, as before the first edit, count as neither.</summary>
/// <param name="HeadUpdates">‖ΔW_t‖ of each head of each layer.</param>
/// <param name="Updates">‖ΔW_t‖ of each layer.</param>
/// <param name="Gradients">‖G_t‖ of each layer.</param>
/// <param name="EnergyRatio">Σ_t ‖G_t‖², after over before; NaN where there was none.</param>
/// <remarks><b>Source</b>: Remark 5 of arXiv:2406.03768, which says that truncation lowers the norm of the implicit gradient: measured here.</remarks>
public sealed record TraceComparison(Movement HeadUpdates, Movement Updates, Movement Gradients, double EnergyRatio)
{
    /// <summary>Compares two traces of one prompt.</summary>
    /// <param name="before">Of the unedited model.</param>
    /// <param name="after">Of the edited one. A layer that is left out has no heads, whose norms are then 0.</param>
    public static TraceComparison Of(ModelTrace before, ModelTrace after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var layers = before.Layers.Zip(after.Layers).ToArray();
        var heads = layers.SelectMany(pair => pair.First.Heads.Select(head => (head.UpdateNorm, pair.Second.Heads.IsEmpty ? 0 : pair.Second.Heads[head.Head].UpdateNorm)));
        return new TraceComparison(
            Movement.Of(heads),
            Movement.Of(layers.Select(pair => (pair.First.UpdateNorm, pair.Second.UpdateNorm))),
            Movement.Of(layers.Select(pair => (pair.First.GradientNorm, pair.Second.GradientNorm))),
            after.GradientEnergy / before.GradientEnergy);
    }
}
