namespace Eckart.Theory;

/// <summary>Information between variables of finitely many values, in nats: what Lemmas 2, 4 and 5 are checked with, exactly.</summary>
/// <remarks><b>Source</b>: Cover and Thomas 2006, chapter 2; Lemma 2: Xu and Raginsky 2017.</remarks>
public static class DiscreteInformation
{
    /// <summary>D_KL(q ‖ p) = Σ q·log(q/p).</summary>
    public static double Divergence(ReadOnlySpan<double> q, ReadOnlySpan<double> p)
    {
        var sum = 0.0;
        for (var i = 0; i < q.Length; i++) sum += q[i] > 0 ? q[i] * Math.Log(q[i] / p[i]) : 0;
        return sum;
    }

    /// <summary>I(X; Y).</summary>
    /// <param name="joint">P(x, y): a row an x.</param>
    public static double Mutual(RealMatrix joint) => ExpectedDivergence(joint, Marginal(joint));

    /// <summary>P(y).</summary>
    /// <param name="joint">P(x, y): a row an x.</param>
    public static double[] Marginal(RealMatrix joint)
    {
        ArgumentNullException.ThrowIfNull(joint);
        return [.. Enumerable.Range(0, joint.Columns).Select(y => joint.Column(y).Sum())];
    }

    /// <summary>E_X[D_KL(Q_{Y|X} ‖ P)], which Lemma 4 says is least at P = Q_Y, where it is I(X; Y).</summary>
    /// <param name="joint">P(x, y): a row an x, none of probability 0.</param>
    /// <param name="prior">P.</param>
    public static double ExpectedDivergence(RealMatrix joint, ReadOnlySpan<double> prior)
    {
        ArgumentNullException.ThrowIfNull(joint);
        var sum = 0.0;
        for (var x = 0; x < joint.Rows; x++)
        {
            var row = joint.Row(x).ToArray();
            var share = row.Sum();
            sum += share * Divergence(Array.ConvertAll(row, one => one / share), prior);
        }

        return sum;
    }

    /// <summary>Lemma 2: gen ≤ √(2R²/N·I(W; H_s)).</summary>
    /// <param name="deviation">R: the loss is R-sub-Gaussian.</param>
    /// <param name="samples">N.</param>
    /// <param name="information">I(W; H_s), nats.</param>
    public static double GeneralizationBound(double deviation, int samples, double information) => Math.Sqrt(2 * deviation * deviation / samples * information);
}
