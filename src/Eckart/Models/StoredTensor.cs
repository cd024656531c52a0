using Eckart.Formats;
using TorchSharp;

namespace Eckart.Models;

/// <summary>A tensor in a checkpoint, not yet read.</summary>
/// <param name="File">The file; owned by the checkpoint.</param>
/// <param name="Name">Its name there.</param>
/// <param name="HeadsInPairs">Heads whose rows stand in rotary pairs and are put back into halves on reading; 0 for none.</param>
internal readonly record struct StoredTensor(ITensorFile File, string Name, int HeadsInPairs)
{
    // Rows are read in blocks of about this many elements, so that several workers can dequantise one tensor.
    private const long BlockElements = 1 << 18;

    /// <summary>Refuses a type that cannot be read, without reading.</summary>
    /// <exception cref="InputException">The type; the message names the tensor.</exception>
    public void CheckReadable() => File.ReadRows(Name, 0, []);

    /// <summary>Reads it to float32 on the CPU; a fresh tensor of the caller's.</summary>
    /// <param name="workers">Blocks of rows at once.</param>
    /// <exception cref="InputException">A type that cannot be read; the message names the tensor.</exception>
    public torch.Tensor Read(int workers)
    {
        var tensor = torch.empty([.. File.Tensors[Name].Shape], torch.float32);
        TensorMemory.Of(tensor).AdviseLargePages();
        ReadInto(tensor, workers);
        if (HeadsInPairs == 0) return tensor;
        using var scope = torch.NewDisposeScope();
        var halves = InHalves(tensor, HeadsInPairs).reshape(tensor.shape).MoveToOuterDisposeScope();
        tensor.Dispose();
        return halves;
    }

    /// <summary>Reads it as it lies in the file.</summary>
    /// <param name="tensor">float32 on the CPU, contiguous, of its shape; written.</param>
    /// <param name="workers">Blocks of rows at once.</param>
    /// <exception cref="InputException">A type that cannot be read; the message names the tensor.</exception>
    public void ReadInto(torch.Tensor tensor, int workers)
    {
        var entry = File.Tensors[Name];
        CheckReadable();
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

    /// <summary>Reads some rows of a matrix that is not in rotary pairs; a fresh float32 tensor of the caller's.</summary>
    public torch.Tensor ReadRows(long first, long rows)
    {
        var length = File.Tensors[Name].RowLength;
        var tensor = torch.empty([rows, length], torch.float32);
        File.ReadRows(Name, first, TensorMemory.Of(tensor).Rows(0, rows, length));
        return tensor;
    }

    /// <summary>Rotary pairs put back into halves: row 2j + i of a head is row i·D/2 + j of the layout that the maths has.</summary>
    /// <returns>A view, (heads, 2, D/2, …).</returns>
    public static torch.Tensor InHalves(torch.Tensor pairs, int heads) => pairs.reshape(heads, pairs.shape[0] / heads / 2, 2, -1).transpose(1, 2);
}
