using System.Text;
using Eckart.Formats;
using Eckart.Formats.Gguf;
using Eckart.Formats.HuggingFace;
using Eckart.Models;
using Eckart.Pruning;
using Eckart.Tasks;

namespace Eckart.Export;

/// <summary>Writes an edited model as a checkpoint in Hugging Face layout with full matrices: any program that reads the source's family reads it.</summary>
/// <remarks>One tensor is in memory at a time. Unedited tensors keep their bytes, and all tensors their names, types, files and order; an edited matrix is its truncation, as the
/// engine has it in float32, rounded once to the stored type. A dropped layer is left out and those behind it move up.</remarks>
public sealed class DenseExport
{
    private const string CardFile = "README.md";

    private readonly Checkpoint source;
    private readonly string path;
    private readonly DenseExportSettings settings;
    private readonly LayerNumbers layers;
    private readonly EditedTensors edited;
    private readonly ISourceFiles files;

    /// <summary>Checks what can be checked before anything is written.</summary>
    /// <param name="source">Stays open while this is used; still the caller's.</param>
    /// <param name="path">The folder to write; not the source's, nor in it, nor around it.</param>
    /// <param name="settings">What to do.</param>
    /// <exception cref="InputException">A folder that is there already or would take the source with it, settings that the source cannot have, evidence of another model or intervention, or files that cannot be handed on.</exception>
    public DenseExport(Checkpoint source, string path, DenseExportSettings settings)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(settings);
        (this.source, this.settings) = (source, settings);
        this.path = Checked(path);
        layers = new LayerNumbers(source.Spec, settings.Intervention);
        edited = new EditedTensors(source, settings);
        if (source.Tensors is GgufFile gguf)
        {
            source.CheckReadable();
            files = new GgufFiles(source, gguf, layers, edited, settings.Type ?? "F32");
        }
        else
        {
            if (settings.Type is not null) throw new InputException(source.Path, $"expected a GGUF file where a type is asked for, found a folder, whose tensors keep their own types ({string.Join(", ", source.Types)})", "leave --dtype out");
            files = new FolderFiles(source, layers, edited);
        }

        CheckEvidence();
    }

    /// <summary>Tensors that will be written.</summary>
    public int Tensors => files.Tensors;

    /// <summary>Layers that the exported model has.</summary>
    public int Layers => layers.Count;

    /// <summary>Writes the folder, whole or not at all.</summary>
    /// <param name="tensorBegun">Called before each tensor; may be null.</param>
    /// <param name="cancellation">Checked before each tensor; nothing is left.</param>
    /// <returns>What was done to each matrix, layer by layer.</returns>
    /// <exception cref="InputException">The folder cannot be written, or a tensor cannot be edited or stored; what was there is there still.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<EditedMatrix> Write(Action? tensorBegun, CancellationToken cancellation)
    {
        AtomicFolder.Write(path, settings.Replace, folder =>
        {
            files.Write(folder, () =>
            {
                cancellation.ThrowIfCancellationRequested();
                tensorBegun?.Invoke();
            });
            var card = new ModelCard(source, settings, edited.Matrices, layers, [.. files.Notes], [.. files.Card]);
            AtomicFile.Write(Path.Combine(folder, CardFile), Encoding.UTF8.GetBytes(card.ToString()));
        });
        return edited.Matrices;
    }

    // Replacing a folder must not take the source with it, nor a folder that is no model's.
    private string Checked(string path)
    {
        var real = ConfinedPath.Followed(path) ?? throw new InputException(path, "expected a folder, found links that lead nowhere", "name another folder");
        var clash = ConfinedPath.Followed(source.Path) == real ? "is the source itself"
            : Directory.Exists(source.Path) && ConfinedPath.Holds(source.Path, real) ? "lies in the source's"
            : SourcePaths().Any(file => ConfinedPath.Holds(real, file)) ? "holds the source" : null;
        if (clash is not null) throw new InputException(path, $"expected a folder apart from {source.Path}, found one that {clash}", "name another folder");
        AtomicFolder.Check(real, settings.Replace);
        if (settings.Replace && Directory.Exists(real) && !File.Exists(Path.Combine(real, "config.json")))
            throw new InputException(path, "expected a model's folder to replace, found one without a config.json", "remove it yourself, or name another folder");
        return real;
    }

    private IEnumerable<string> SourcePaths() => source.Tensors is ShardedTensors sharded ? [source.Path, .. sharded.Shards.Select(shard => shard.Path)] : [source.Path, source.Tensors.Path];

    private void CheckEvidence()
    {
        if (settings.Evidence is not { } evidence) return;
        if (!Intervention.Parse(evidence.Intervention).Resolve(source.Spec).Equals(settings.Intervention))
            throw new InputException($"intervention {settings.Intervention}", $"expected {evidence.Intervention}, which the run chose, found another", "export that one, or leave the run out");
        if (source.Digest() is var digest && digest != evidence.Key.Model)
            throw new InputException(source.Path, $"expected the model of the run (digest {evidence.Key.Model[..Math.Min(12, evidence.Key.Model.Length)]}), found another ({digest[..12]})", "give the model that was searched, or leave the run out");
    }
}
