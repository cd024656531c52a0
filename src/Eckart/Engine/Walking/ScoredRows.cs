using Eckart.Engine.Arithmetic;
using Eckart.Engine.Packing;
using Eckart.Models;
using TorchSharp;

namespace Eckart.Engine.Walking;

/// <summary>The scored rows of one branch in some chunks, normalised, on their way through the head.</summary>
internal sealed class ScoredRows : IDisposable
{
    /// <summary>Scored rows that are multiplied at once.</summary>
    public const int BlockRows = 512;

    private readonly IReadOnlyList<Chunk> chunks;
    private readonly Rows states;                   // (rows, C), float32
    private readonly Rows narrow;                   // the same in the products' dtype
    private readonly ILayerArithmetic arithmetic;
    private readonly float[][] maxima;              // by block of the vocabulary, by row
    private readonly float[][] sums;
    private readonly (int Row, int Place, int Token)[] wanted;
    private readonly double[][] logits;             // by row, by token asked for; then log-probabilities

    public ScoredRows(Branch branch, IReadOnlyList<Chunk> chunks, ILayerWeights weights, ILayerArithmetic arithmetic, BufferPool pool, int blocks)
    {
        (this.chunks, this.arithmetic) = (chunks, arithmetic);
        var count = chunks.Sum(chunk => chunk.Scored.Length);
        states = new Rows(pool, count, weights.Spec.Hidden);
        narrow = new Rows(pool, count, weights.Spec.Hidden, weights.Compute.DType);
        Gather(branch, weights);
        maxima = [.. Enumerable.Range(0, blocks).Select(_ => new float[count])];
        sums = [.. Enumerable.Range(0, blocks).Select(_ => new float[count])];
        var tokens = chunks.SelectMany(chunk => chunk.Tokens).ToArray();
        wanted = [.. from row in Enumerable.Range(0, count) from place in Enumerable.Range(0, tokens[row].Length) select (row, place, tokens[row][place])];
        logits = Array.ConvertAll(tokens, row => new double[Math.Max(1, row.Length)]);
    }

    /// <summary>Rows.</summary>
    public int Count => logits.Length;

    /// <summary>Whether mean logits are asked for.</summary>
    public bool Means => wanted.Length == 0;

    /// <summary>One block of the vocabulary.</summary>
    /// <param name="scratch">The worker's.</param>
    /// <param name="block">Its number.</param>
    /// <param name="first">Its first token.</param>
    /// <param name="head">(tokens, C).</param>
    /// <param name="bias">(tokens), float32, or null.</param>
    public void ScoreBlock(Scratch scratch, int block, int first, ProductMatrix head, torch.Tensor? bias)
    {
        using var scope = torch.NewDisposeScope();
        for (var row = 0; row < maxima[block].Length; row += BlockRows)
        {
            var rows = Math.Min(BlockRows, maxima[block].Length - row);
            var target = scratch.Matrix(ScratchUse.Logits, rows, head.Outputs, narrow.Matrix.dtype);
            head.Multiply(scratch, target, narrow.Matrix.narrow(0, row, rows), add: false);
            if (bias is not null) target.Plus(bias);
            arithmetic.LogSumExp(scratch, target, maxima[block].AsSpan(row, rows), sums[block].AsSpan(row, rows));
        }

        AskTokens(first, head.Stored, bias);
    }

    /// <summary>Mean logits: by the mean of the head's rows, and last the mean of its biases.</summary>
    public void ScoreMeans(double[] mean)
    {
        using var scope = torch.NewDisposeScope();
        var values = TensorMemory.ValuesOf<float>(states.Matrix);
        var size = mean.Length - 1;
        for (var row = 0; row < logits.Length; row++)
        {
            var sum = mean[^1];
            for (var i = 0; i < size; i++) sum += mean[i] * values[(row * size) + i];
            logits[row][0] = sum;
        }
    }

    /// <summary>Hands out what was found, once all blocks are done.</summary>
    public void Write(Dictionary<Chunk, double[][]> into)
    {
        foreach (var (row, place, _) in wanted) logits[row][place] -= Normalizer(row);
        var next = 0;
        foreach (var chunk in chunks)
        {
            into[chunk] = logits[next..(next + chunk.Scored.Length)];
            next += chunk.Scored.Length;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        states.Dispose();
        narrow.Dispose();
    }

    private void Gather(Branch branch, ILayerWeights weights)
    {
        using var scope = torch.NewDisposeScope();
        var next = 0;
        foreach (var chunk in chunks)
        {
            var rows = branch[chunk].Matrix;
            states.Matrix.narrow(0, next, chunk.Scored.Length).copy_(rows.shape[0] == chunk.Scored.Length ? rows
                : rows.index_select(0, torch.tensor(Array.ConvertAll(chunk.Scored, row => (long)row)).to(rows.device)));
            next += chunk.Scored.Length;
        }

        states.Matrix.copy_(weights.FinalNorm.Forward(states.Matrix));
        narrow.Matrix.copy_(states.Matrix);
    }

    // Logits of the tokens asked for are taken in full precision whatever the products are.
    private void AskTokens(int first, torch.Tensor head, torch.Tensor? bias)
    {
        var here = Array.FindAll(wanted, one => one.Token >= first && one.Token < first + head.shape[0]);
        if (here.Length == 0) return;
        var tokens = torch.tensor(Array.ConvertAll(here, one => (long)one.Token - first)).to(head.device);
        var rows = states.Matrix.index_select(0, torch.tensor(Array.ConvertAll(here, one => (long)one.Row)).to(head.device));
        var products = rows.to(torch.float64).mul_(head.index_select(0, tokens).to(torch.float64)).sum([1L]);
        if (bias is not null) products.Plus(bias.index_select(0, tokens));
        var values = TensorMemory.ValuesOf<double>(products);
        for (var i = 0; i < here.Length; i++) logits[here[i].Row][here[i].Place] = values[i];
    }

    private double Normalizer(int row)
    {
        var highest = maxima.Max(block => block[row]);
        return highest + Math.Log(Enumerable.Range(0, maxima.Length).Sum(block => sums[block][row] * Math.Exp(maxima[block][row] - highest)));
    }
}
