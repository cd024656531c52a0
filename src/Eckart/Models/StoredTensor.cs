using Eckart.Formats;
using TorchSharp;

namespace Eckart.Models;

/// <summary>A part in a checkpoint, not yet read.</summary>
/// <param name="File">The file; owned by the checkpoint.</param>
/// <param name="Name">Of the tensor that holds it.</param>
/// <param name="Layout">Where it lies in that.</param>
internal readonly record struct StoredTensor(ITensorFile File, string Name, TensorLayout Layout)
{
    // Rows are read in blocks of about this many elements, so that several workers can dequantise one tensor.
    private const long BlockElements = 1 << 18;

    /// <summary>Numbers of the tensor that holds the part.</summary>
    public long StoredElements => File.Tensors[Name].Count;

    /// <summary>Reads it to float32 on the CPU; a fresh tensor of the caller's.</summary>
    /// <param name="workers">Blocks of rows at once.</param>
    /// <exception cref="InputException">A type that cannot be read; the message names the tensor.</exception>
    public torch.Tensor Read(int workers)
    {
        var tensor = torch.empty([.. File.Tensors[Name].Shape], torch.float32);
        TensorMemory.Of(tensor).AdviseLargePages();
        ReadStored(tensor, workers);
        if (Layout.IsWhole) return tensor;
        using var scope = torch.NewDisposeScope();
        var part = torch.empty(Layout.Shape, torch.float32);
        CopyPart(tensor, part);
        tensor.Dispose();
        return part.MoveToOuterDisposeScope();
    }

    /// <summary>Reads the part.</summary>
    /// <param name="part">(<see cref="TensorLayout.Shape"/>), any float dtype and device, contiguous; written.</param>
    /// <param name="room">float32 on the CPU, at least <see cref="StoredElements"/> numbers; overwritten.</param>
    /// <param name="workers">Blocks of rows at once.</param>
    /// <exception cref="InputException">A type that cannot be read; the message names the tensor.</exception>
    public void ReadPart(torch.Tensor part, torch.Tensor room, int workers)
    {
        using var scope = torch.NewDisposeScope();
        var stored = room.narrow(0, 0, StoredElements).view([.. File.Tensors[Name].Shape]);
        ReadStored(stored, workers);
        CopyPart(stored, part);
    }

    /// <summary>Reads the tensor that holds the part, as it lies in the file.</summary>
    /// <param name="tensor">float32 on the CPU, contiguous, of the tensor's shape; written.</param>
    /// <param name="workers">Blocks of rows at once.</param>
    /// <exception cref="InputException">A type that cannot be read; the message names the tensor.</exception>
    public void ReadStored(torch.Tensor tensor, int workers)
    {
        var entry = File.Tensors[Name];
        File.ReadRows(Name, 0, []);      // refuses the type
        if (entry.Count == 0) return;
        var rows = entry.Count / entry.RowLength;
        var blockRows = Math.Max(1, BlockElements / entry.RowLength);
        var (file, name) = (File, Name);
        var target = TensorMemory.Of(tensor);
        Workers.Run(checked((int)((rows + blockRows - 1) / blockRows)), workers, block =>
        {
            var first = block * blockRows;
            file.ReadRows(name, first, target.Rows(first, Math.Min(blockRows, rows - first), entry.RowLength));
        });
    }

    /// <summary>Reads some rows of a part that is the whole tensor; a fresh float32 tensor of the caller's.</summary>
    public torch.Tensor ReadRows(long first, long rows)
    {
        var length = File.Tensors[Name].RowLength;
        var tensor = torch.empty([rows, length], torch.float32);
        File.ReadRows(Name, first, TensorMemory.Of(tensor).Rows(0, rows, length));
        return tensor;
    }

    private void CopyPart(torch.Tensor stored, torch.Tensor part)
    {
        var view = Layout.PartOf(stored);
        part.view(view.shape).copy_(view);
    }
}
