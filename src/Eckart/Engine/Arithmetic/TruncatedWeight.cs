namespace Eckart.Engine.Arithmetic;

/// <summary>A truncated matrix in the form in which multiplying by it is least work.</summary>
/// <remarks>The form is decided by the intervention alone, never by what else is in a walk.</remarks>
internal sealed class TruncatedWeight : IDisposable
{
    private TruncatedWeight(SiteTerms terms, int rank, TruncatedForm form, ProductMatrix? dense) => (Terms, Rank, Form, Dense) = (terms, rank, form, dense);

    /// <summary>The matrix's factors; owned by others.</summary>
    public SiteTerms Terms { get; }

    /// <summary>Singular values kept.</summary>
    public int Rank { get; }

    /// <summary>How it is multiplied by.</summary>
    public TruncatedForm Form { get; }

    /// <summary>(m, n) where the form is dense.</summary>
    public ProductMatrix? Dense { get; }

    /// <summary>A truncation.</summary>
    /// <param name="terms">Of the matrix; outlive this.</param>
    /// <param name="rank">Singular values kept.</param>
    /// <param name="beside">Whether the unedited product of the same input is at hand.</param>
    public static TruncatedWeight Of(SiteTerms terms, int rank, bool beside)
    {
        var form = FormOf(terms.Outputs, terms.Inputs, terms.Count, rank, beside);
        return new TruncatedWeight(terms, rank, form, form == TruncatedForm.Dense ? terms.Dense(rank) : null);
    }

    /// <summary>The form of least work for each row of an input.</summary>
    /// <param name="outputs">m.</param>
    /// <param name="inputs">n.</param>
    /// <param name="terms">k; fewer than min(m, n) do not add up to the matrix, so that nothing can be subtracted.</param>
    /// <param name="rank">Singular values kept.</param>
    /// <param name="beside">Whether the unedited product of the same input is at hand.</param>
    public static TruncatedForm FormOf(long outputs, long inputs, long terms, long rank, bool beside)
    {
        var (factored, dense) = (rank * (outputs + inputs), outputs * inputs);
        if (beside && terms == Math.Min(outputs, inputs) && (terms - rank) * (outputs + inputs) < Math.Min(factored, dense)) return TruncatedForm.Subtracted;
        return factored < dense ? TruncatedForm.Factored : TruncatedForm.Dense;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dense?.Dispose();
        Dense?.Stored.Dispose();
    }
}

/// <summary>How a truncated matrix is multiplied by.</summary>
internal enum TruncatedForm
{
    /// <summary>U_r (Σ_r V_rᵀ x).</summary>
    Factored,

    /// <summary>(U_r Σ_r V_rᵀ) x.</summary>
    Dense,

    /// <summary>W x less the terms beyond r.</summary>
    Subtracted,
}
