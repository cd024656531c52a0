using System.Globalization;
using Eckart.Formats;
using Eckart.Formats.Safetensors;
using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Training;

/// <summary>All that a training carries from step to step: the parameters, their two moments, and the steps done.</summary>
internal sealed class TrainingState : IDisposable
{
    private const string StepsKey = "steps";
    private static readonly string[] Names = ["parameters", "first_moment", "second_moment"];

    private readonly Tensor[] tensors;

    /// <summary>All zero.</summary>
    /// <param name="count">Parameters.</param>
    public TrainingState(long count) => tensors = [.. Names.Select(_ => zeros(count, float32).DetachFromDisposeScope())];

    /// <summary>Steps done.</summary>
    public long Steps { get; set; }

    /// <summary>The parameters, flat.</summary>
    public Tensor Values => tensors[0];

    /// <summary>The memory of the parameters.</summary>
    public Span<float> Parameters => Memory(0);

    /// <summary>The memory of the first moments.</summary>
    public Span<float> FirstMoments => Memory(1);

    /// <summary>The memory of the second moments.</summary>
    public Span<float> SecondMoments => Memory(2);

    /// <summary>Writes a checkpoint, whole or not at all.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Save(string path) => SafetensorsWriter.Write(
        path,
        Names.Select((name, i) => new SafetensorsContent(name, "F32", [Values.numel()], stream => TensorMemory.Of(tensors[i]).ForEachBlock(block => stream.Write(block)))),
        new Dictionary<string, string> { [StepsKey] = Steps.ToString(CultureInfo.InvariantCulture) });

    /// <summary>Reads a checkpoint over what is here.</summary>
    /// <exception cref="InputException">The file is damaged, or of another model.</exception>
    public void Load(string path)
    {
        using var file = SafetensorsFile.Open(path);
        var wrong = Names.FirstOrDefault(name => !file.Tensors.TryGetValue(name, out var entry) || entry.Type != "F32" || !entry.Shape.SequenceEqual([Values.numel()]));
        if (wrong is not null || !long.TryParse(file.Header.Metadata.GetValueOrDefault(StepsKey), NumberStyles.None, CultureInfo.InvariantCulture, out var steps))
            throw new InputException(path, $"expected a checkpoint of {Values.numel()} parameters, found {(wrong is null ? "no number of steps" : $"none under '{wrong}'")}", "delete the file: the training goes on from the checkpoint before it");
        for (var i = 0; i < Names.Length; i++) file.ReadRows(Names[i], 0, Memory(i));
        Steps = steps;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in tensors) tensor.Dispose();
    }

    private Span<float> Memory(int i) => TensorMemory.Of(tensors[i]).Rows(0, Values.numel(), 1);
}
