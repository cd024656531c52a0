using Eckart.Formats;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Export;

/// <summary>Writes a tensor's values as a stored type.</summary>
internal static class StoredValues
{
    private const long Block = 1 << 20;

    /// <summary>All of them, each rounded once to the nearest.</summary>
    /// <param name="values">float32 on the CPU, contiguous.</param>
    /// <param name="type">As safetensors spells it.</param>
    /// <param name="stream">Written to.</param>
    /// <param name="where">The tensor, as messages name it.</param>
    /// <exception cref="InputException">A value is beyond the type's range.</exception>
    public static void Write(torch.Tensor values, string type, Stream stream, string where)
    {
        var (memory, count, beyond) = (TensorMemory.Of(values), values.numel(), 0L);
        for (var first = 0L; first < count; first += Block)
            beyond += FloatNarrowing.Write(memory.Rows(first, Math.Min(Block, count - first), 1), type, stream);
        if (beyond > 0) throw new InputException(where, $"expected values that {type} can hold, found {beyond} beyond its range", "take a smaller rate, or a source in F32 or BF16");
    }
}
