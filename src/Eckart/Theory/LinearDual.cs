namespace Eckart.Theory;

/// <summary>The dual form of a linear layer that was trained by one step of gradient descent: attention to its training inputs.</summary>
/// <remarks><b>Source</b>: the paper, Eq. (5) to (7).</remarks>
public static class LinearDual
{
    /// <summary>LinearAttn(V, K, q) = V·Kᵀ·q.</summary>
    /// <param name="values">V, (m, N): a value a column.</param>
    /// <param name="keys">K, (n, N).</param>
    /// <param name="query">q, n numbers.</param>
    /// <returns>m numbers.</returns>
    public static double[] Attention(RealMatrix values, RealMatrix keys, ReadOnlySpan<double> query)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(keys);
        return values.Times(keys.Transposed.Times(query));
    }

    /// <summary>e_i = −η·∂L/∂y'_i, a column an example: what a step of gradient descent leaves of it.</summary>
    /// <param name="gradients">∂L/∂y'_i, (m, N).</param>
    /// <param name="learningRate">η.</param>
    public static RealMatrix ErrorSignals(RealMatrix gradients, double learningRate) => -learningRate * gradients;

    /// <summary>ΔW = Σ e_i ⊗ x_i.</summary>
    /// <param name="errors">e, (m, N).</param>
    /// <param name="inputs">x, (n, N).</param>
    /// <returns>(m, n).</returns>
    public static RealMatrix Update(RealMatrix errors, RealMatrix inputs)
    {
        ArgumentNullException.ThrowIfNull(errors);
        ArgumentNullException.ThrowIfNull(inputs);
        return errors * inputs.Transposed;
    }
}
