using Eckart.Models;
using Eckart.Theory.Tracing;

namespace Eckart.Tests.Theory.Tracing;

/// <summary>A layer of a golden checkpoint at a prompt's last token, by loops over plain arrays: every ΔW is made in full, every rotation is a matrix, hidden states are the reference implementation's.</summary>
internal sealed class DenseOracle
{
    private readonly CausalLm model;
    private readonly DecoderLayer layer;
    private readonly double[][] states;         // (T, C): what enters the layer
    private readonly double[][] normal;         // (T, C)
    private readonly Dictionary<Projection, double[][]> matrices;
    private readonly Dictionary<(Projection, int, int), double[]> plain = [];

    public DenseOracle(CausalLm model, int number, double[][] states)
    {
        (this.model, layer, this.states) = (model, model.Layers[number], states);
        normal = [.. states.Select(row => Norm(layer.AttentionNorm, row))];
        matrices = layer.Projections.ToDictionary(one => one.Key, one => Values(one.Value.Weight).Chunk((int)one.Value.Weight.shape[1]).ToArray());
    }

    private ModelSpec Spec => model.Spec;

    private int Last => states.Length - 1;

    /// <summary>Scale of the paper's form, or that of the first order.</summary>
    public double Factor(LinearForm form) => form == LinearForm.Paper ? 1 : 1 / (states.Length * Math.Sqrt(Spec.HeadSize));

    /// <summary>ΔW of one head: Σ over tokens of c (W_O v)(W_Qᵀ R_qᵀ R_i k)ᵀ, an outer product a token.</summary>
    public double[][] Update(int head, int start, int count, LinearForm form)
    {
        var update = Zeros(Spec.Hidden, Spec.Hidden);
        var query = Transposed(QueryMatrix(head));
        var mean = Enumerable.Range(0, states.Length).Select(i => RelativeKey(head, i)).Aggregate(Sum).Select(sum => sum / states.Length).ToArray();
        var about = form == LinearForm.Paper ? new double[mean.Length] : mean;
        for (var i = start; i < start + count; i++)
        {
            var left = Output(head, Value(head, i));
            var right = Times(query, Difference(RelativeKey(head, i), about));
            for (var row = 0; row < left.Length; row++)
                for (var column = 0; column < right.Length; column++) update[row][column] += Factor(form) * left[row] * right[column];
        }

        return update;
    }

    /// <summary>ΔW of all heads.</summary>
    public double[][] Update(int start, int count, LinearForm form) =>
        Enumerable.Range(0, Spec.Heads).Select(head => Update(head, start, count, form)).Aggregate(Sum);

    /// <summary>The softmax of a head at the last token.</summary>
    public double[] Softmax(int head)
    {
        var scores = Enumerable.Range(0, states.Length).Select(i => Score(head, i) / Math.Sqrt(Spec.HeadSize)).ToArray();
        var exponentials = scores.Select(score => Math.Exp(score - scores.Max())).ToArray();
        return [.. exponentials.Select(one => one / exponentials.Sum())];
    }

    /// <summary>The model's product of the rotated query and a rotated key.</summary>
    public double Score(int head, int token) => Dot(Times(Rotation(Last), Query(head)), Times(Rotation(token), Key(head, token)));

    /// <summary>(1 + s − s̄)/T, or s.</summary>
    public double Linear(int head, int token, LinearForm form)
    {
        if (form == LinearForm.Paper) return Score(head, token);
        var mean = Enumerable.Range(0, states.Length).Average(i => Score(head, i) / Math.Sqrt(Spec.HeadSize));
        return (1 + (Score(head, token) / Math.Sqrt(Spec.HeadSize)) - mean) / states.Length;
    }

    /// <summary>What some tokens add to attention's output by a head, each with its weight.</summary>
    public double[] Mixed(int head, int start, int count, Func<int, double> weight) =>
        Output(head, [.. Enumerable.Range(start, count).Select(i => Value(head, i).Select(v => weight(i) * v).ToArray()).Aggregate(Sum)]);

    /// <summary>Attention's output at the last token, with its bias.</summary>
    public double[] Attention()
    {
        var heads = Enumerable.Range(0, Spec.Heads).Select(head => { var weights = Softmax(head); return Mixed(head, 0, states.Length, i => weights[i]); }).Aggregate(Sum);
        return layer.Projections[Projection.Output].Bias is { } bias ? Sum(heads, Values(bias)) : heads;
    }

    /// <summary>The norm before attention as a matrix: its differences along the axes about the last token, at a fixed scale.</summary>
    public double[][] NormMatrix()
    {
        var (x, weight) = (states[Last], Values(layer.AttentionNorm.Weight));
        var mean = layer.AttentionNorm.Kind == NormKind.Layer ? x.Average() : 0;
        var deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + layer.AttentionNorm.Epsilon);
        var matrix = Zeros(x.Length, x.Length);
        for (var row = 0; row < x.Length; row++)
            for (var column = 0; column < x.Length; column++)
                matrix[row][column] = weight[row] / deviation * ((row == column ? 1 : 0) - (layer.AttentionNorm.Kind == NormKind.Layer ? 1.0 / x.Length : 0));
        return matrix;
    }

    private double[][] QueryMatrix(int head)
    {
        var matrix = Rows(Projection.Query, head);
        if (layer.Heads.QueryNorm is not { } norm) return matrix;
        var plain = Plain(Projection.Query, head, Last);
        var scale = Math.Sqrt(plain.Average(value => value * value) + norm.Epsilon);
        var weight = Values(norm.Weight);
        return [.. matrix.Select((row, i) => row.Select(value => value * weight[i] / scale).ToArray())];
    }

    private double[] RelativeKey(int head, int token) => Times(Transposed(Rotation(Last)), Times(Rotation(token), Key(head, token)));

    private double[] Query(int head) => Normed(layer.Heads.QueryNorm, Plain(Projection.Query, head, Last));

    private double[] Key(int head, int token) => Normed(layer.Heads.KeyNorm, Plain(Projection.Key, Group(head), token));

    private double[] Value(int head, int token) => Plain(Projection.Value, Group(head), token);

    private int Group(int head) => head / (Spec.Heads / Spec.KeyValueHeads);

    private double[] Plain(Projection projection, int head, int token)
    {
        if (plain.TryGetValue((projection, head, token), out var known)) return known;
        var product = Times(Rows(projection, head), normal[token]);
        return plain[(projection, head, token)] = layer.Projections[projection].Bias is { } bias ? Sum(product, Values(bias)[(head * Spec.HeadSize)..((head + 1) * Spec.HeadSize)]) : product;
    }

    private double[][] Rows(Projection projection, int head) => matrices[projection][(head * Spec.HeadSize)..((head + 1) * Spec.HeadSize)];

    private double[] Output(int head, double[] value) =>
        [.. matrices[Projection.Output].Select(row => Dot(row[(head * Spec.HeadSize)..((head + 1) * Spec.HeadSize)], value))];

    // R_p as the rotary paper has it: a 2 × 2 rotation a pair, by p Θ^(−2 pair / size).
    private double[][] Rotation(int position)
    {
        var matrix = Zeros(Spec.HeadSize, Spec.HeadSize);
        for (var i = 0; i < Spec.HeadSize; i++) matrix[i][i] = 1;
        for (var pair = 0; pair < Spec.Rotary.Size / 2; pair++)
        {
            var angle = position * Math.Pow(Spec.Rotary.Theta, -2.0 * pair / Spec.Rotary.Size);
            var (a, b) = Spec.Rotary.Layout == RotaryLayout.Halves ? (pair, pair + (Spec.Rotary.Size / 2)) : (2 * pair, (2 * pair) + 1);
            (matrix[a][a], matrix[a][b], matrix[b][a], matrix[b][b]) = (Math.Cos(angle), -Math.Sin(angle), Math.Sin(angle), Math.Cos(angle));
        }

        return matrix;
    }

    private static double[] Normed(Norm? norm, double[] x) => norm is null ? x : Norm(norm, x);

    /// <summary>A norm of one row.</summary>
    public static double[] Norm(Norm norm, double[] x)
    {
        var (weight, bias) = (Values(norm.Weight), norm.Bias is null ? null : Values(norm.Bias));
        var mean = norm.Kind == NormKind.Layer ? x.Average() : 0;
        var deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + norm.Epsilon);
        return [.. x.Select((value, i) => ((value - mean) / deviation * weight[i]) + (bias?[i] ?? 0))];
    }

    public static double[] Values(TorchSharp.torch.Tensor tensor) => Array.ConvertAll(TensorMemory.ValuesOf<float>(tensor), value => (double)value);

    public static double[][] Zeros(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new double[columns])];

    public static double[][] Identity(int size) => [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Select(j => i == j ? 1.0 : 0).ToArray())];

    public static double[][] Transposed(double[][] a) => [.. Enumerable.Range(0, a[0].Length).Select(j => a.Select(row => row[j]).ToArray())];

    public static double[][] Times(double[][] a, double[][] b)
    {
        var columns = Transposed(b);
        return [.. a.Select(row => columns.Select(column => Dot(row, column)).ToArray())];
    }

    public static double[] Times(double[][] a, double[] x) => [.. a.Select(row => Dot(row, x))];

    public static double[][] Sum(double[][] a, double[][] b) => [.. a.Zip(b, Sum)];

    public static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    public static double[] Difference(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x - y)];

    public static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    public static double Length(double[] a) => Math.Sqrt(Dot(a, a));

    public static double Frobenius(double[][] a) => Math.Sqrt(a.Sum(row => Dot(row, row)));
}
