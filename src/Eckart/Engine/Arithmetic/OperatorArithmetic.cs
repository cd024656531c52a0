using Eckart.Engine.Packing;
using Eckart.Models;
using static TorchSharp.torch;

namespace Eckart.Engine.Arithmetic;

/// <summary>TorchSharp's operators, for any device and any model; strand by strand, so slower than the kernels.</summary>
/// <param name="spec">Of the model.</param>
/// <param name="rotary">Turns queries and keys.</param>
/// <param name="angles">Of as many positions as the longest prompt has; still the caller's.</param>
/// <param name="heads">Of the layer.</param>
internal sealed class OperatorArithmetic(ModelSpec spec, Rotary rotary, (Tensor Cos, Tensor Sin) angles, HeadRules heads) : ILayerArithmetic
{
    /// <inheritdoc/>
    public string Name => "operators";

    /// <inheritdoc/>
    public ILayerArithmetic For(HeadRules heads) => new OperatorArithmetic(spec, rotary, angles, heads);

    /// <inheritdoc/>
    public void Normalize(Norm norm, Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        y.copy_(norm.Forward(x));
    }

    /// <inheritdoc/>
    public void Activate(Tensor? gate, Tensor up, Tensor y)
    {
        using var scope = NewDisposeScope();
        y.copy_(gate is null ? Activations.Apply(spec.Activation, up.clone()) : Activations.Apply(spec.Activation, gate.clone()).mul_(up));
    }

    /// <inheritdoc/>
    public void Add(Tensor delta, Tensor x) => x.Plus(delta);

    /// <inheritdoc/>
    public PrefixKeys NewKeys(BufferPool pool, int positions) =>
        new(positions, new Rows(pool, positions, spec.KeyValueHeads * spec.HeadSize), new Rows(pool, positions, spec.KeyValueHeads * spec.HeadSize));

    /// <inheritdoc/>
    public void Keep(Scratch scratch, int first, Tensor key, Tensor value, PrefixKeys into)
    {
        using var scope = NewDisposeScope();
        into.Keys.narrow(0, first, key.shape[0]).copy_(Turned(heads.KeyNorm, key, first).flatten(1));
        into.Values.narrow(0, first, key.shape[0]).copy_(value);
    }

    /// <inheritdoc/>
    public void Attend(Scratch scratch, IReadOnlyList<Run> runs, Tensor query, Tensor? key, Tensor? value, PrefixKeys? prefix, Tensor mixed)
    {
        foreach (var run in runs)
        {
            using var scope = NewDisposeScope();
            var own = run.First + run.Count;                    // keys behind the prefix that the last of the rows sees
            var before = run.Strand is null ? 0 : prefix?.Positions ?? 0;
            var keys = cat([.. Kept(prefix?.Keys, run.Strand is null ? own : before), .. Own(key, run, own, before, turned: true)]);       // (before + own, K, D)
            var values = cat([.. Kept(prefix?.Values, run.Strand is null ? own : before), .. Own(value, run, own, before, turned: false)]);
            var asked = Turned(heads.QueryNorm, query.narrow(0, run.Row, run.Count), before + run.First);                                                  // (rows, H, D)
            mixed.narrow(0, run.Row, run.Count).copy_(Mix(asked, keys, values, before + run.First).flatten(1));
        }
    }

    /// <inheritdoc/>
    public void LogSumExp(Scratch scratch, Tensor logits, Span<float> maxima, Span<float> sums)
    {
        using var scope = NewDisposeScope();
        var wide = logits.to(float32);
        var highest = wide.amax([1], keepdim: true);
        TensorMemory.ValuesOf<float>(highest.squeeze(1)).CopyTo(maxima);
        TensorMemory.ValuesOf<float>(wide.sub(highest).exp_().sum([1L])).CopyTo(sums);
    }

    // Rows at positions first …: each sees the keys up to its own position.
    private Tensor Mix(Tensor query, Tensor keys, Tensor values, int first)
    {
        var group = spec.Heads / spec.KeyValueHeads;
        var seen = heads.Seen(first, query.shape[0], keys.shape[0], query.device);
        return nn.functional.scaled_dot_product_attention(
            HeadsFirst(query), HeadsFirst(keys.repeat_interleave(group, 1)), HeadsFirst(values.repeat_interleave(group, 1)), seen).squeeze(0).transpose(0, 1);
    }

    private Tensor[] Kept(Tensor? kept, int count) => kept is null || count == 0 ? [] : [kept.narrow(0, 0, count).view(count, spec.KeyValueHeads, spec.HeadSize)];

    // What a strand has of its own, behind its stem, as far as the rows see it.
    private Tensor[] Own(Tensor? all, Run run, int own, int before, bool turned)
    {
        if (run.Strand is not { } strand || all is null) return [];
        Tensor[] stem = strand.Stem is { } shared ? [all.narrow(0, shared.Row, shared.Length)] : [];
        var rows = cat([.. stem, all.narrow(0, strand.Row, own - strand.Before)]);
        return [turned ? Turned(heads.KeyNorm, rows, before) : rows.to(float32).view(own, spec.KeyValueHeads, spec.HeadSize)];
    }

    // (rows, heads·D) at positions first … to (rows, heads, D), float32.
    private Tensor Turned(Norm? norm, Tensor x, int first)
    {
        var each = x.to(float32).view(x.shape[0], -1, spec.HeadSize);
        return rotary.Rotate(norm is null ? each : norm.Forward(each), (angles.Cos.narrow(0, first, x.shape[0]), angles.Sin.narrow(0, first, x.shape[0])));
    }

    private static Tensor HeadsFirst(Tensor x) => x.transpose(0, 1).unsqueeze(0);
}
