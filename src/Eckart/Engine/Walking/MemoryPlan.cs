using System.Globalization;
using Eckart.Engine.Arithmetic;
using Eckart.Engine.Kernels;
using Eckart.Engine.Packing;
using Eckart.Formats;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Engine.Walking;

/// <summary>How many branches a walk may keep alive, and how much of the trunk it may keep for later, within the memory that it was given.</summary>
/// <param name="Flight">Branches at once, at least one.</param>
/// <param name="KeptBytes">Hidden states of the trunk that may be kept for later walks.</param>
/// <param name="PoolBytes">Beyond this, buffers that are free are let go of before new ones are made.</param>
internal sealed record MemoryPlan(int Flight, long KeptBytes, long PoolBytes)
{
    private const long LeastRoom = 512L << 20;

    /// <summary>What a walk holds beside weights where nothing is said: half a gibibyte, or half as much as the weights.</summary>
    public static long UsualRoom(long weights) => Math.Max(LeastRoom, weights / 2);

    /// <summary>Plans a walk.</summary>
    /// <param name="weights">Of the model.</param>
    /// <param name="sets">All that is read.</param>
    /// <param name="branches">How many leave the trunk.</param>
    /// <param name="factors">Bytes of factors that a layer's edits need at once.</param>
    /// <param name="memory">Bytes in all; null for the usual.</param>
    /// <exception cref="InputException">They do not suffice for one branch.</exception>
    public static MemoryPlan For(ILayerWeights weights, IReadOnlyCollection<PromptSet> sets, int branches, long factors, long? memory)
    {
        var spec = weights.Spec;
        var chunks = sets.SelectMany(set => set.Read).Distinct().ToArray();
        var keys = sets.Select(set => set.Prefix).Distinct().Sum(prefix => 2L * prefix.Length * spec.KeyValueHeads * spec.HeadSize * sizeof(float));
        var branch = BufferPool.SizeFor(chunks.Sum(chunk => (long)chunk.Rows) * spec.Hidden * sizeof(float)) + keys;
        var fixedBytes = weights.Bytes + PackedBytes(weights) + factors + HeadBytes(spec, chunks) + (weights.Compute.Workers * ScratchBytes(weights, chunks.Max(chunk => chunk.Rows), branches > 0));
        var needed = fixedBytes + branch + (branches > 0 ? branch : 0);
        var total = memory ?? weights.Bytes + Math.Max(UsualRoom(weights.Bytes), needed - weights.Bytes);
        if (total < needed)
            throw new InputException("--memory", $"expected at least {Mebibytes(needed)} MiB for one layer and one branch, found {Mebibytes(total)} MiB", "give more, or lower --threads, --chunk-tokens, --validation or --test");

        var free = total - fixedBytes - branch;
        var flight = branches == 0 ? 1 : (int)Math.Clamp(free / branch, 1, branches);
        return new MemoryPlan(flight, (free - (flight * branch)) / 2, total - fixedBytes);
    }

    // One layer at a time.
    private static long PackedBytes(ILayerWeights weights) => weights.Compute.DType != torch.ScalarType.Float32 || !PackedProduct.Pays ? 0
        : weights.Spec.Projections.Select(projection => weights.Spec.ShapeOf((Part)projection)).Sum(shape => (long)PackedProduct.Panels((int)shape[0]) * PackedProduct.PanelWidth * shape[1]) * sizeof(float);

    // Scored rows on their way through the head, and what each block of the vocabulary gives for them.
    private static long HeadBytes(ModelSpec spec, Chunk[] chunks) =>
        chunks.Sum(chunk => (long)chunk.Scored.Length) * ((2L * spec.Hidden * sizeof(float)) + (2L * sizeof(float) * (spec.Vocabulary / Head.BlockRows)));

    // As much as a worker's memory can come to for the longest chunk.
    private static long ScratchBytes(ILayerWeights weights, long rows, bool edited)
    {
        var spec = weights.Spec;
        var (joined, grouped, inner) = ((long)spec.Heads * spec.HeadSize, (long)spec.KeyValueHeads * spec.HeadSize, (long)spec.MlpSize);
        var products = joined + (2 * grouped) + (spec.Family.Gated ? 2 * inner : inner);
        var elements = (2 * spec.Hidden) + joined + inner + products;
        if (edited) elements += joined + inner + products + (Math.Min(joined, spec.Hidden) * 2) + (2 * Math.Min(grouped, spec.Hidden)) + (4 * Math.Min(inner, spec.Hidden));
        var narrow = weights.Compute.DType != torch.ScalarType.Float32;
        var bytes = rows * elements * ElementBytes(weights.Compute.DType) * 9 / 8;        // buffers come in sizes of their own
        if (narrow) bytes += rows * ((2 * joined) + (2 * grouped)) * sizeof(float);
        return bytes + ((long)Head.BlockRows * sizeof(float) * ((ScoredRows.BlockRows * (narrow ? 2 : 1)) + (spec.Hidden * (weights.Resident ? 1L : 3L))));
    }

    private static int ElementBytes(torch.ScalarType type) => type == torch.ScalarType.Float32 ? sizeof(float) : sizeof(ushort);

    private static string Mebibytes(long bytes) => ((bytes >> 20) + 1).ToString(CultureInfo.InvariantCulture);
}
