using System.Runtime.InteropServices;
using Eckart.Engine.Kernels;
using Eckart.Engine.Packing;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Engine.Arithmetic;

/// <summary>The hand-written kernels, on the memory of CPU tensors.</summary>
/// <param name="spec">Of the model.</param>
/// <param name="angles">(positions, rotated size), float32, contiguous: of each position the cosines, then the sines; still the caller's.</param>
/// <param name="heads">Of the layer.</param>
internal sealed unsafe class KernelArithmetic(ModelSpec spec, torch.Tensor angles, HeadRules heads) : ILayerArithmetic
{
    private readonly AttentionShape shape = new(spec.HeadSize, spec.Heads / spec.KeyValueHeads, spec.Rotary.Size, spec.Rotary.Layout, heads.Window, 1 / MathF.Sqrt(spec.HeadSize));
    private readonly float* angleTable = (float*)TensorMemory.AddressOf(angles);

    /// <inheritdoc/>
    public string Name => $"kernels ({Lanes.Name})";

    /// <inheritdoc/>
    public ILayerArithmetic For(HeadRules heads) => new KernelArithmetic(spec, angles, heads);

    /// <inheritdoc/>
    public void Normalize(Norm norm, torch.Tensor x, torch.Tensor y)
    {
        var (rows, size) = ((int)x.shape[0], (int)x.shape[1]);
        var from = Floats(x);
        var weight = Floats(norm.Weight);
        var bias = norm.Bias is null ? null : Floats(norm.Bias);
        var epsilon = (float)norm.Epsilon;
        switch (norm.Kind, IsWide(y))
        {
            case (NormKind.RootMeanSquare, true): RowNorm.RootMeanSquare(from, weight, Floats(y), rows, size, epsilon); break;
            case (NormKind.RootMeanSquare, false): RowNorm.RootMeanSquare(from, weight, Halves(y), rows, size, epsilon); break;
            case (_, true): RowNorm.Layer(from, weight, bias, Floats(y), rows, size, epsilon); break;
            default: RowNorm.Layer(from, weight, bias, Halves(y), rows, size, epsilon); break;
        }
    }

    /// <inheritdoc/>
    public void Activate(torch.Tensor? gate, torch.Tensor up, torch.Tensor y)
    {
        var (rows, size) = ((int)up.shape[0], (int)up.shape[1]);
        switch (gate, IsWide(up))
        {
            case (null, true): MlpActivation.Plain(spec.Activation, Floats(up), size, Floats(y), size, rows, size); break;
            case (null, false): MlpActivation.Plain(spec.Activation, Halves(up), size, Halves(y), size, rows, size); break;
            case (_, true): MlpActivation.Gated(spec.Activation, Floats(gate), size, Floats(up), size, Floats(y), size, rows, size); break;
            default: MlpActivation.Gated(spec.Activation, Halves(gate), size, Halves(up), size, Halves(y), size, rows, size); break;
        }
    }

    /// <inheritdoc/>
    public void Add(torch.Tensor delta, torch.Tensor x)
    {
        if (IsWide(delta)) x.Plus(delta);
        else Bfloat16.AddTo(Floats(x), Halves(delta), x.numel());
    }

    /// <inheritdoc/>
    public PrefixKeys NewKeys(BufferPool pool, int positions)
    {
        var keys = new Rows(pool, (long)spec.KeyValueHeads * spec.HeadSize, Lanes.Stride(positions));
        NativeMemory.Clear(Floats(keys.Matrix), (nuint)keys.Matrix.numel() * sizeof(float));        // columns that pad it stay zero
        return new PrefixKeys(positions, keys, new Rows(pool, (long)spec.KeyValueHeads * positions, shape.PaddedHead));
    }

    /// <inheritdoc/>
    public void Keep(Scratch scratch, int first, torch.Tensor key, torch.Tensor value, PrefixKeys into)
    {
        var keys = Normal(scratch, heads.KeyNorm, key, ScratchUse.Wide + (int)Projection.Key);
        var values = Wide(scratch, value, ScratchUse.Wide + (int)Projection.Value);
        for (var head = 0; head < spec.KeyValueHeads; head++)
        {
            var kept = HeadOf(into, head);
            Write(keys, values, head, 0, (int)key.shape[0], first, kept, first);
        }
    }

    /// <inheritdoc/>
    public void Attend(Scratch scratch, IReadOnlyList<Run> runs, torch.Tensor query, torch.Tensor? key, torch.Tensor? value, PrefixKeys? prefix, torch.Tensor mixed)
    {
        var queries = Normal(scratch, heads.QueryNorm, query, ScratchUse.Wide + (int)Projection.Query);
        var keys = key is null ? null : Normal(scratch, heads.KeyNorm, key, ScratchUse.Wide + (int)Projection.Key);
        var values = value is null ? null : Wide(scratch, value, ScratchUse.Wide + (int)Projection.Value);
        var output = IsWide(mixed) ? Floats(mixed) : scratch.Floats(ScratchUse.Wide + (int)Projection.Output, mixed.numel());
        for (var head = 0; head < spec.KeyValueHeads; head++)
        {
            var kept = prefix is null ? default : HeadOf(prefix, head);
            foreach (var run in runs)
                Attend(scratch, head, run, queries, run.Strand is null ? default : kept, run.Strand is null ? kept : OwnKeys(scratch, head, run.Strand, prefix?.Positions ?? 0, keys, values), output);
        }

        if (!IsWide(mixed)) Bfloat16.Narrow(output, Halves(mixed), mixed.numel());
    }

    /// <inheritdoc/>
    public void LogSumExp(Scratch scratch, torch.Tensor logits, Span<float> maxima, Span<float> sums)
    {
        var (rows, columns) = ((int)logits.shape[0], (int)logits.shape[1]);
        fixed (float* highest = maxima, total = sums)
            Kernels.LogSumExp.Block(Wide(scratch, logits, ScratchUse.WideLogits), columns, rows, columns, highest, total);
    }

    private void Attend(Scratch scratch, int head, Run run, float* queries, HeadKeys before, HeadKeys own, float* output)
    {
        var (stride, place) = ((nint)spec.Heads * spec.HeadSize, (nint)head * shape.Group * spec.HeadSize);
        var room = scratch.Floats(ScratchUse.Attention, AttentionTile.ScratchFloats(shape, before.Count, own.Count));
        AttentionTile.Run(
            shape, queries + (run.Row * stride) + place, stride, run.First, run.Count,
            angleTable + ((nint)(before.Count + run.First) * shape.RotarySize), before, own, output + (run.Row * stride) + place, stride, room);
        scratch.Count((long)shape.Group * run.Count, 2L * shape.HeadSize, before.Count + run.First);
        scratch.Count((long)shape.Group * run.Count, shape.HeadSize, run.Count + 1);        // the causal half of the rows among themselves, of both products
    }

    // Keys and values of a strand behind those of its stem, as the tile wants them.
    private HeadKeys OwnKeys(Scratch scratch, int head, Strand strand, int prefix, float* keys, float* values)
    {
        var count = strand.Before + strand.Length;
        var stride = Lanes.Stride(count);
        var own = new HeadKeys(
            scratch.Floats(ScratchUse.OwnKeys, (long)stride * spec.HeadSize), stride, scratch.Floats(ScratchUse.OwnValues, (long)count * shape.PaddedHead), count);
        if (strand.Stem is { } stem) Write(keys, values, head, stem.Row, stem.Length, prefix, own, 0);
        Write(keys, values, head, strand.Row, strand.Length, prefix + strand.Before, own, strand.Before);
        return own;
    }

    private void Write(float* keys, float* values, int head, int row, int rows, int position, HeadKeys into, int at)
    {
        var stride = (nint)spec.KeyValueHeads * spec.HeadSize;
        var place = (row * stride) + ((nint)head * spec.HeadSize);
        KeyWriter.Write(shape, keys + place, stride, values + place, stride, rows, angleTable + ((nint)position * shape.RotarySize), into.Keys, into.KeyStride, into.Values, at);
    }

    private HeadKeys HeadOf(PrefixKeys kept, int head) => new(
        Floats(kept.Keys) + (head * (nint)spec.HeadSize * Lanes.Stride(kept.Positions)), Lanes.Stride(kept.Positions),
        Floats(kept.Values) + (head * (nint)kept.Positions * shape.PaddedHead), kept.Positions);

    // Heads as rows: (rows, heads·D) is (rows·heads, D).
    private float* Normal(Scratch scratch, Norm? norm, torch.Tensor tensor, ScratchUse use)
    {
        if (norm is null) return Wide(scratch, tensor, use);
        var normal = scratch.Floats(use, tensor.numel());
        if (!IsWide(tensor)) Bfloat16.Widen(Halves(tensor), normal, tensor.numel());
        RowNorm.RootMeanSquare(IsWide(tensor) ? Floats(tensor) : normal, Floats(norm.Weight), normal, checked((int)(tensor.numel() / spec.HeadSize)), spec.HeadSize, (float)norm.Epsilon);
        return normal;
    }

    private static float* Wide(Scratch scratch, torch.Tensor tensor, ScratchUse use)
    {
        if (IsWide(tensor)) return Floats(tensor);
        var wide = scratch.Floats(use, tensor.numel());
        Bfloat16.Widen(Halves(tensor), wide, tensor.numel());
        return wide;
    }

    private static bool IsWide(torch.Tensor tensor) => tensor.dtype == torch.ScalarType.Float32;

    private static float* Floats(torch.Tensor tensor) => (float*)TensorMemory.AddressOf(tensor);

    private static ushort* Halves(torch.Tensor tensor) => (ushort*)TensorMemory.AddressOf(tensor);
}
