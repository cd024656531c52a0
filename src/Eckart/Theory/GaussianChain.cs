namespace Eckart.Theory;

/// <summary>W_t = α·W_{t−1} + β·S + ν·N_t with W_0 = 0, S and N_t ~ N(0, 1): the smallest noisy descent in which every information of Lemma 3 has a closed form.</summary>
/// <param name="Keep">α.</param>
/// <param name="Signal">β.</param>
/// <param name="Noise">ν, above 0.</param>
public sealed record GaussianChain(double Keep, double Signal, double Noise)
{
    /// <summary>I(W_L; S), nats: what the last state says of the data.</summary>
    /// <param name="steps">L.</param>
    public double Last(int steps)
    {
        var (signal, noise) = State(steps);
        return Math.Log(((signal * signal) + noise) / noise) / 2;
    }

    /// <summary>Σ_t I(β·S + ν·N_t; S | W_{t−1}), nats: what all steps say, each given the state before it.</summary>
    /// <param name="steps">L.</param>
    public double Steps(int steps)
    {
        var sum = 0.0;
        for (var step = 1; step <= steps; step++)
        {
            var (signal, noise) = State(step - 1);
            var left = signal == 0 ? 1 : noise / ((signal * signal) + noise);        // Var(S | W_{t−1})
            sum += Math.Log(((Signal * Signal * left) + (Noise * Noise)) / (Noise * Noise)) / 2;
        }

        return sum;
    }

    // W_t = signal·S + a noise of that variance.
    private (double Signal, double Noise) State(int steps)
    {
        var (signal, noise) = (0.0, 0.0);
        for (var step = 0; step < steps; step++) (signal, noise) = ((Keep * signal) + Signal, (Keep * Keep * noise) + (Noise * Noise));
        return (signal, noise);
    }
}
