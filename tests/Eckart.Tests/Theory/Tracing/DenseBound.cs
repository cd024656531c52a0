using Eckart.Models;
using Eckart.Theory;
using Eckart.Theory.Tracing;
using TorchSharp;
using static Eckart.Tests.Theory.Tracing.DenseOracle;

namespace Eckart.Tests.Theory.Tracing;

/// <summary>What a layer and a prompt add to the bound, from every gradient and C_t in full: matrices of C² × C² numbers, for models of 16.</summary>
/// <param name="Trace">tr C_t.</param>
/// <param name="LogDeterminant">log det(C_t + εI).</param>
/// <param name="Gradient">‖G_t‖².</param>
/// <param name="Spectral">‖ΔW_t‖²·‖I + W_{t−1}‖₂².</param>
/// <param name="Printed">‖ΔW_t‖²·‖I + W_{t−1}‖².</param>
internal sealed record DenseBound(double Trace, double LogDeterminant, double Gradient, double Spectral, double Printed)
{
    /// <summary>One a layer.</summary>
    /// <param name="model">With the weights in use; no layer left out.</param>
    /// <param name="prompt">With demonstrations.</param>
    /// <param name="given">b.</param>
    /// <param name="epsilon">ε.</param>
    public static DenseBound[] Of(CausalLm model, TracedPrompt prompt, int given, double epsilon)
    {
        var (layers, hidden, count) = (model.Spec.Layers, model.Spec.Hidden, prompt.Demonstrations);
        var states = new double[layers][][];
        using (torch.NewDisposeScope())
            model.HiddenStates(prompt.Ids.Span, (layer, pass) => states[layer] = [.. Values(pass.Input).Chunk(hidden)]);
        var product = Identity(hidden);
        return [.. states.Select((one, layer) =>
        {
            var oracle = new DenseOracle(model, layer, one);
            var steps = Enumerable.Range(0, count).Select(prompt.TokensOf).Select(tokens => Times(Times(oracle.Update(tokens.Start, tokens.Count, LinearForm.FirstOrder), oracle.NormMatrix()), product)).ToArray();
            var mean = steps.Aggregate(Sum);
            var update = Frobenius(oracle.Update(prompt.Leading, prompt.DemonstrationTokens, LinearForm.FirstOrder));
            var (trace, determinant) = Covariance([.. steps.Select(step => step.SelectMany(row => row.Select(value => count * value)).ToArray())], given, epsilon);
            var found = new DenseBound(trace, determinant, Math.Pow(Frobenius(mean), 2), Math.Pow(update * TracedGolden.Spectrum(product)[0], 2), Math.Pow(update * Frobenius(product), 2));
            product = Sum(product, mean);
            return found;
        })];
    }

    /// <summary>Lemma 6's and Theorem 2's bound for R = 1.</summary>
    public static double Bound(DenseBound[] layers, BoundForm form, int demonstrations, int hidden, double epsilon)
    {
        double d = (double)hidden * hidden;
        return Math.Sqrt(layers.Sum(layer => (d * Math.Log((layer.Norm(form) + layer.Trace + (d * epsilon)) / d)) - layer.LogDeterminant) / demonstrations);
    }

    private double Norm(BoundForm form) => form switch { BoundForm.Printed => Printed, BoundForm.Spectral => Spectral, _ => Gradient };

    // C_t of Assumption 1, by the mean and outer products of vectors of C² numbers.
    private static (double Trace, double LogDeterminant) Covariance(double[][] gradients, int given, double epsilon)
    {
        var (n, d) = (gradients.Length, gradients[0].Length);
        var mean = gradients.Aggregate(Sum).Select(sum => sum / n).ToArray();
        var factor = (double)(n - given) / (given * (n - 1));
        var covariance = Zeros(d, d);
        for (var row = 0; row < d; row++)
            for (var column = 0; column < d; column++)
                covariance[row][column] = (factor * ((gradients.Sum(one => one[row] * one[column]) / n) - (mean[row] * mean[column]))) + (row == column ? epsilon : 0);
        using var scope = torch.NewDisposeScope();
        var matrix = torch.tensor(covariance.SelectMany(row => row).ToArray()).view(d, d);
        return (covariance.Select((row, i) => row[i]).Sum() - (d * epsilon), torch.linalg.slogdet(matrix).Item2.item<double>());
    }
}
