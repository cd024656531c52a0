using Eckart.Formats;
using Eckart.Models;
using Eckart.Theory;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Eckart.Training.Regression;

/// <summary>Trains a stack of linear attention layers on random linear functions: Eq. (3) of the paper, squared error of the masked y of test tokens, whose mean square is 1.</summary>
/// <remarks>float64 throughout, one thread, so that equal settings give equal bits on one kind of machine. A training takes less than a minute and is not resumable.
/// A prompt has several test tokens: nothing reads them, so each is a prompt of its own for the price of a column.</remarks>
public sealed class LinearTraining
{
    private const ulong PromptPurpose = 0x6C69_6E65_6172;       // "linear": other streams than other trainings'
    private const ulong WeightPurpose = 0x7765_6967_6874;       // "weight"
    private const int TestTokens = 8;
    private const double InitialScale = 0.3;
    private const double LargestStep = 1.0;                     // norm that a step's gradient is clipped to: ΔW goes with the third power of the weights
    private const int Reports = 10;

    private readonly LinearTrainingSettings settings;
    private readonly Parameter[] parameters;                       // value, key, query of layer 0, of layer 1, …

    private LinearTraining(LinearTrainingSettings settings, Parameter[] parameters) => (this.settings, this.parameters) = (settings, parameters);

    private int Size => settings.Dimensions + 1;

    /// <summary>Trains a model.</summary>
    /// <param name="settings">How.</param>
    /// <param name="report">Told the step and the mean squared error since the last report, ten times.</param>
    /// <param name="advance">Told each step.</param>
    /// <param name="cancellation">Stops between steps; nothing is kept.</param>
    /// <returns>The model, and the last reported error.</returns>
    /// <exception cref="InputException">Settings outside their ranges, or a training that diverged.</exception>
    public static (LinearModel Model, double Error) Run(LinearTrainingSettings settings, Action<int, double> report, Action advance, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(advance);
        settings.Check();
        using var oneThread = new OneThreadProducts();
        using var scope = NewDisposeScope();
        var training = new LinearTraining(settings, InitialWeights(settings));
        return training.Run(report, advance, cancellation);
    }

    private (LinearModel Model, double Error) Run(Action<int, double> report, Action advance, CancellationToken cancellation)
    {
        using var optimizer = optim.Adam(parameters, settings.LearningRate);
        var (every, sum, since, error) = (Math.Max(1, settings.Steps / Reports), 0.0, 0, double.NaN);
        for (var step = 0; step < settings.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var group in optimizer.ParamGroups) group.LearningRate = settings.LearningRate * (1 + Math.Cos(Math.PI * step / settings.Steps)) / 2;
            (sum, since) = (sum + Step(optimizer, step), since + 1);
            if (!double.IsFinite(sum)) throw new InputException("training", $"expected an error that falls, found none that is finite after {step + 1} steps", "lower --lr");
            advance();
            if ((step + 1) % every != 0 && step + 1 != settings.Steps) continue;
            (error, sum, since) = (sum / since, 0, 0);
            report(step + 1, error);
        }

        return (Model(), error);
    }

    private double Step(optim.Optimizer optimizer, int step)
    {
        using var scope = NewDisposeScope();
        var (demonstrations, tests, outputs) = Prompts(step);
        optimizer.zero_grad();
        for (var layer = 0; layer < settings.Layers; layer++)
        {
            var (value, key, query) = (parameters[3 * layer], parameters[(3 * layer) + 1], parameters[(3 * layer) + 2]);
            var moment = demonstrations.bmm(demonstrations.transpose(1, 2));                       // (B, D, D): S
            var update = einsum("ij,bjk,lk,lm->bim", value, moment, key, query);                   // W_V·S·W_Kᵀ·W_Q
            tests = tests + update.bmm(tests);
            demonstrations = demonstrations + update.bmm(demonstrations);
        }

        var loss = (tests.select(1, settings.Dimensions) - outputs).square().mean();
        loss.backward();
        nn.utils.clip_grad_norm_(parameters, LargestStep);
        optimizer.step();
        return loss.item<double>();
    }

    // (B, D, N) demonstrations [x; y], (B, D, tests) test tokens [x; 0], (B, tests) their y.
    private (Tensor Demonstrations, Tensor Tests, Tensor Outputs) Prompts(int step)
    {
        var (n, d) = (settings.Demonstrations, settings.Dimensions);
        var (shown, asked, outputs) = (new double[settings.Batch * Size * n], new double[settings.Batch * Size * TestTokens], new double[settings.Batch * TestTokens]);
        for (var prompt = 0; prompt < settings.Batch; prompt++)
        {
            var function = FunctionSample.DrawOnSpheres(SeededDraws.At(PromptPurpose, (ulong)settings.Seed, (ulong)step, (ulong)prompt), d, n + TestTokens);
            for (var point = 0; point < n + TestTokens; point++)
            {
                var (into, count, column) = point < n ? (shown, n, point) : (asked, TestTokens, point - n);
                for (var j = 0; j < d; j++) into[(((prompt * Size) + j) * count) + column] = function.Inputs[(point * d) + j];
                if (point < n) into[(((prompt * Size) + d) * count) + column] = function.Outputs[point];
                else outputs[(prompt * TestTokens) + column] = function.Outputs[point];
            }
        }

        return (tensor(shown, [settings.Batch, Size, n], float64), tensor(asked, [settings.Batch, Size, TestTokens], float64), tensor(outputs, [settings.Batch, TestTokens], float64));
    }

    private static Parameter[] InitialWeights(LinearTrainingSettings settings)
    {
        var (size, random) = (settings.Dimensions + 1, SeededDraws.At(WeightPurpose, (ulong)settings.Seed));
        return [.. Enumerable.Range(0, 3 * settings.Layers).Select(_ => new Parameter(tensor(RealMatrix.Normal(random, size, size, InitialScale / Math.Sqrt(size)).Values.ToArray(), [size, size], float64)))];
    }

    private LinearModel Model()
    {
        RealMatrix[] matrices = [.. parameters.Select(parameter => RealMatrix.Of(Size, Size, TensorMemory.ValuesOf<double>(parameter.detach())))];
        return new LinearModel([.. Enumerable.Range(0, settings.Layers).Select(layer => new AttentionWeights(matrices[3 * layer], matrices[(3 * layer) + 1], matrices[(3 * layer) + 2]))], settings.Demonstrations);
    }
}
