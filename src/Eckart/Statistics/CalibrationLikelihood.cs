namespace Eckart.Statistics;

/// <summary>The penalised negative log-likelihood of a <see cref="LabelCalibration"/>, with its first two derivatives.</summary>
/// <param name="gold">Right choice of each query.</param>
/// <param name="logProbabilities">Normalised log-probabilities, C a query.</param>
/// <param name="ridge">Weight of the squared distance from "no correction".</param>
/// <param name="scaled">Whether the parameters are (b, a) or b alone.</param>
internal sealed class CalibrationLikelihood(IReadOnlyList<int> gold, double[][] logProbabilities, double ridge, bool scaled)
{
    private readonly int choices = logProbabilities[0].Length;

    /// <summary>"No correction": b = 0, a = 1.</summary>
    public double[] Start => [.. Enumerable.Repeat(0.0, choices), .. Enumerable.Repeat(1.0, scaled ? choices : 0)];

    /// <summary>Value, gradient and Hessian at the parameters: C biases, then C scales if there are any.</summary>
    public Expansion At(double[] parameters)
    {
        var at = new Expansion(parameters.Length);
        var logits = new double[choices];
        for (var query = 0; query < gold.Count; query++)
        {
            var x = logProbabilities[query];
            for (var c = 0; c < choices; c++) logits[c] = (scaled ? parameters[choices + c] : 1) * x[c] + parameters[c];
            AddQuery(at, x, gold[query], ChoiceScores.LogSoftmax(logits));
        }

        AddRidge(at, parameters);
        return at;
    }

    private void AddQuery(Expansion at, double[] x, int right, double[] logProbability)
    {
        at.Value -= logProbability[right];
        var p = Array.ConvertAll(logProbability, Math.Exp);
        for (var i = 0; i < at.Gradient.Length; i++)
        {
            var (ci, di) = Derivative(i, x);
            at.Gradient[i] += (p[ci] - (ci == right ? 1 : 0)) * di;
            for (var j = 0; j <= i; j++)
            {
                var (cj, dj) = Derivative(j, x);
                at.Hessian[i, j] += p[ci] * ((ci == cj ? 1 : 0) - p[cj]) * di * dj;
            }
        }
    }

    // Which logit a parameter moves, and how fast.
    private (int Choice, double Slope) Derivative(int parameter, double[] x) =>
        parameter < choices ? (parameter, 1) : (parameter - choices, x[parameter - choices]);

    private void AddRidge(Expansion at, double[] parameters)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            var distance = parameters[i] - (i < choices ? 0 : 1);
            at.Value += ridge * distance * distance;
            at.Gradient[i] += 2 * ridge * distance;
            at.Hessian[i, i] += 2 * ridge;
        }
    }
}
