using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>One layer: attention and MLP around the residual.</summary>
/// <remarks>
/// Sequential: x ─ norm ─ attention ─ + ─ norm ─ mlp ─ + ; parallel: x ─ norm ─┬ attention ─┐ , both added to x; the MLP may have a norm of its own there too.
///             └────────────────────┘ └──────────────┘                         └ mlp ───────┴ +
/// </remarks>
internal sealed class DecoderLayer(ModelSpec spec, Rotary rotary, IReadOnlyDictionary<Projection, Linear> projections, Norm attentionNorm, Norm? mlpNorm, HeadRules heads) : IDisposable
{
    private readonly Attention attention = new(spec, rotary, projections, heads);
    private readonly Mlp mlp = new(spec, projections);

    /// <summary>The editable matrices.</summary>
    public IReadOnlyDictionary<Projection, Linear> Projections => projections;

    /// <summary>The first half without its norm and residual.</summary>
    public Attention Attention => attention;

    /// <summary>Of attention.</summary>
    public HeadRules Heads => heads;

    /// <summary>Before attention, and before the MLP too where that has none of its own.</summary>
    public Norm AttentionNorm => attentionNorm;

    /// <summary>Before the MLP.</summary>
    public Norm MlpNorm => mlpNorm ?? attentionNorm;

    /// <summary>Whether the layer is left out: its output is its input.</summary>
    public bool Dropped { get; set; }

    /// <summary>One layer's step.</summary>
    /// <param name="x">(T, C).</param>
    /// <param name="angles">Of <see cref="Rotary.Angles"/>, for T tokens.</param>
    /// <returns>(T, C), fresh.</returns>
    public Tensor Forward(Tensor x, (Tensor Cos, Tensor Sin) angles)
    {
        using var scope = NewDisposeScope();
        return Pass(x, angles, WeightProducts.Whole).Output.MoveToOuterDisposeScope();
    }

    /// <summary>The same with what was made on the way.</summary>
    /// <param name="x">(T, C); still the caller's, as the input in what is returned.</param>
    /// <param name="angles">Of <see cref="Rotary.Angles"/>, for T tokens.</param>
    /// <param name="products">How they are taken.</param>
    /// <returns>All but the input fresh, in the caller's dispose scope.</returns>
    public LayerPass Pass(Tensor x, (Tensor Cos, Tensor Sin) angles, WeightProducts products)
    {
        if (Dropped) return new LayerPass(x, Last(x), Last(x), x.alias());
        using var scope = NewDisposeScope();
        var (attended, inner) = Attend(x, angles, products);
        var output = Finish(attended, inner, products);
        return new LayerPass(x, Last(attended).MoveToOuterDisposeScope(), Last(inner).MoveToOuterDisposeScope(), output.MoveToOuterDisposeScope());

        static Tensor Last(Tensor rows) => rows.narrow(0, rows.shape[0] - 1, 1).clone();        // no view, which would keep all rows
    }

    /// <summary>The first half of a step.</summary>
    /// <param name="x">(T, C).</param>
    /// <param name="angles">Of <see cref="Rotary.Angles"/>, for T tokens.</param>
    /// <param name="products">How they are taken.</param>
    /// <returns>The residual with attention's output in it, and what the MLP reads: both (T, C), fresh, in the caller's dispose scope.</returns>
    public (Tensor Attended, Tensor Inner) Attend(Tensor x, (Tensor Cos, Tensor Sin) angles, WeightProducts products)
    {
        using var scope = NewDisposeScope();
        var normal = attentionNorm.Forward(x);
        var attended = attention.Forward(normal, angles, products).Plus(x);
        var inner = mlpNorm is null ? normal : mlpNorm.Forward(spec.Residual == ResidualLayout.Parallel ? x : attended);
        return (attended.MoveToOuterDisposeScope(), inner.MoveToOuterDisposeScope());
    }

    /// <summary>The second half.</summary>
    /// <param name="attended">Of <see cref="Attend"/>, or rows of it.</param>
    /// <param name="inner">Likewise.</param>
    /// <param name="products">How they are taken.</param>
    /// <returns>(T, C), fresh.</returns>
    public Tensor Finish(Tensor attended, Tensor inner, WeightProducts products) => mlp.Forward(inner, products).Plus(attended);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var linear in projections.Values) linear.Dispose();
        attentionNorm.Dispose();
        mlpNorm?.Dispose();
        heads.QueryNorm?.Dispose();
        heads.KeyNorm?.Dispose();
    }
}
