using System.Globalization;
using System.Text.Json.Nodes;
using Eckart.Formats;

namespace Eckart.Training;

/// <summary>Trains a small language model from random weights: AdamW, warm-up and cosine, clipping. The same settings give the same bytes on a machine, whatever the number of workers and however often it was stopped.</summary>
public sealed class Trainer : IDisposable
{
    private readonly TrainingSettings settings;
    private readonly int workers;
    private readonly string path;
    private readonly TrainingFolder folder;
    private readonly TrainableLm model;
    private readonly TrainingState state;
    private readonly Objective objective;
    private readonly BatchGradient gradient;

    private Trainer(string path, TrainingSettings settings, Objective objective, int workers)
    {
        (this.path, this.settings, this.objective, this.workers) = (path, settings, objective, workers);
        folder = TrainingFolder.Open(path, Description(settings, objective));
        model = new TrainableLm(settings.Spec(objective.Vocabulary, objective.Positions), settings.Products);
        state = new TrainingState(model.Layout.Count);
        gradient = new BatchGradient(model, state.Values, settings.Batch, workers);
        Begin();
    }

    /// <summary>The points so far.</summary>
    public Curve Curve { get; private set; } = new([], []);

    /// <summary>Steps done: at first those of the folder's last checkpoint.</summary>
    public long Steps => state.Steps;

    /// <summary>Numbers that are trained.</summary>
    public long Parameters => model.Layout.Count;

    /// <summary>Begins a training, or goes on with the one that a folder holds.</summary>
    /// <param name="path">The folder; made if need be.</param>
    /// <param name="settings">Everything but the texts.</param>
    /// <param name="source">The texts; still the caller's.</param>
    /// <param name="exams">What the model is asked on the way; may be none.</param>
    /// <param name="workers">Parts of a batch at work at once.</param>
    /// <exception cref="InputException">Settings that make no sense; or a folder that cannot be used, or is of other settings.</exception>
    public static Trainer Open(string path, TrainingSettings settings, ITextSource source, IReadOnlyList<IExam> exams, int workers)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(exams);
        return Open(path, settings, Objective.OfTexts(source, exams, settings.Batch), workers);
    }

    /// <summary>Begins or continues a training of anything.</summary>
    /// <param name="path">The folder; made if need be.</param>
    /// <param name="settings">Everything but the sequences.</param>
    /// <param name="objective">The sequences, in batches of the settings' size, and their loss.</param>
    /// <param name="workers">Parts of a batch at work at once.</param>
    /// <exception cref="InputException">As for texts.</exception>
    internal static Trainer Open(string path, TrainingSettings settings, Objective objective, int workers)
    {
        if (settings.Problems() is [var problem, ..]) throw new InputException("training", problem, "correct the option");
        return new Trainer(path, settings, objective, workers);
    }

    /// <summary>Trains to the last step.</summary>
    /// <param name="onPoint">Called with every new point of the curve; may be null.</param>
    /// <param name="onStep">Called after every step; may be null.</param>
    /// <param name="tokenizer">Text of the <c>tokenizer.json</c> of the models that are kept on the way; null for none.</param>
    /// <param name="cancellation">Stops between steps; the folder keeps its checkpoints.</param>
    /// <exception cref="InputException">The training diverged, or a file cannot be written.</exception>
    public void Run(Action<CurvePoint>? onPoint = null, Action? onStep = null, string? tokenizer = null, CancellationToken cancellation = default)
    {
        var losses = 0.0;
        while (state.Steps < settings.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            var (loss, norm) = Step(cancellation);
            losses += loss;
            onStep?.Invoke();
            if (settings.Keep?.Contains(state.Steps) == true) ModelFolder.Write(folder.MakeKept(state.Steps), model.Spec, state.Parameters.ToArray(), settings.StoredType, tokenizer);
            if (state.Steps % settings.CurveEvery != 0 && state.Steps != settings.Steps) continue;

            var steps = (state.Steps - 1) % settings.CurveEvery + 1;
            var point = new CurvePoint(state.Steps, losses / steps, settings.LearningRateAt(state.Steps - 1), norm, Examine());
            losses = 0;
            Curve = Curve with { Points = [.. Curve.Points, point] };
            Curve.Save(folder.CurveFile);
            if (state.Steps % settings.CheckpointEvery == 0 || state.Steps == settings.Steps) state.Save(folder.Checkpoint(state.Steps));
            onPoint?.Invoke(point);
        }
    }

    /// <summary>Writes the model as it is now into the folder, in Hugging Face layout.</summary>
    /// <param name="tokenizer">Text of its <c>tokenizer.json</c>; null for none.</param>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public void WriteModel(string? tokenizer) => ModelFolder.Write(path, model.Spec, state.Parameters.ToArray(), settings.StoredType, tokenizer);

    /// <summary>Asks the model as it is now.</summary>
    /// <param name="exams">Of tokens of its vocabulary.</param>
    /// <returns>Exam by exam, each by its numbers of demonstrations.</returns>
    public IReadOnlyList<ExamResult> Ask(IReadOnlyList<IExam> exams) =>
        [.. exams.SelectMany(exam => exam.Shots.Select(shots => new ExamResult(exam.Name, shots, Examiner.Right(model, gradient.Weights, exam.Questions(shots), workers))))];

    /// <inheritdoc/>
    public void Dispose()
    {
        gradient.Dispose();
        state.Dispose();
        model.Dispose();
    }

    private static JsonObject Description(TrainingSettings settings, Objective objective)
    {
        var json = settings.Describe(objective.Name, objective.Description);
        json["exams"] = new JsonArray([.. Columns(objective.Exams).Select(column => (JsonNode)column)]);
        return json;
    }

    private static IEnumerable<string> Columns(IReadOnlyList<IExam> exams) =>
        exams.SelectMany(exam => exam.Shots.Select(shots => string.Create(CultureInfo.InvariantCulture, $"{exam.Name}@{shots}")));

    private void Begin()
    {
        if (folder.CheckpointSteps is [.., var last]) state.Load(folder.Checkpoint(last));
        else InitialWeights.Fill(model.Layout, state.Parameters, settings.InitialDeviation, settings.Seed);
        Curve = Curve.Load(folder.CurveFile, [.. Columns(objective.Exams)], state.Steps);
    }

    private (double Loss, double Norm) Step(CancellationToken cancellation)
    {
        var batch = objective.Batch;
        batch.Draw(state.Steps, settings.Steps);
        var (sum, length) = gradient.Compute(batch, cancellation);
        var weight = batch.Weight;
        var (loss, norm) = (sum / weight, length / weight);
        if (!double.IsFinite(loss) || !double.IsFinite(norm) || (loss > 2 * batch.LossOfNothing && state.Steps >= settings.WarmUp)) throw Diverged(loss, norm);

        var rate = settings.LearningRateAt(state.Steps);
        var decay = settings.WeightDecayAt(state.Steps);
        state.Steps++;
        foreach (var slot in model.Layout.Slots)
        {
            var (first, count) = ((int)slot.Offset, (int)slot.Count);
            AdamW.Update(
                state.Parameters.Slice(first, count),
                gradient.Sum.Slice(first, count),
                state.FirstMoments.Slice(first, count),
                state.SecondMoments.Slice(first, count),
                new AdamWStep(state.Steps, rate, slot.IsMatrix ? decay : 0, Math.Min(1, settings.Clip / norm) / weight));
        }

        return (loss, norm);
    }

    private IReadOnlyList<double> Examine() => state.Steps % settings.ExamEvery != 0 && state.Steps != settings.Steps
        ? []
        : [.. Ask(objective.Exams).Select(result => result.Right.Value)];

    private InputException Diverged(double loss, double norm) => new(
        path,
        string.Create(CultureInfo.InvariantCulture, $"expected a loss below {2 * objective.Batch.LossOfNothing:0.0}, twice that of a model that knows nothing, found {loss:0.000} with a gradient of norm {norm:0.000} at step {state.Steps}"),
        $"take a lower learning rate in another folder; {(folder.CheckpointSteps is [.., var last] ? $"the last good checkpoint is {folder.Checkpoint(last)}" : "there is no checkpoint before it")}");
}
