using Eckart.Engine.Kernels;

namespace Eckart.Training.Kernels;

/// <summary>Causal attention of many short sequences, forward and backward, head by head in a core's caches.</summary>
/// <param name="shape">Of the heads; without a window.</param>
/// <param name="heads">H.</param>
/// <param name="tokens">T.</param>
/// <remarks>The weights are computed again on the way back: that costs less than the memory to keep them.</remarks>
internal readonly unsafe struct CausalAttention(AttentionShape shape, int heads, int tokens)
{
    private readonly int groups = heads / shape.Group;
    private readonly int width = Lanes.Padded(tokens);                                                                 // T, padded: columns of scores
    private readonly int rows = (Lanes.Padded(tokens) + SmallProduct.RowTile - 1) / SmallProduct.RowTile * SmallProduct.RowTile;   // T, padded twice: rows of everything
    private readonly int size = shape.PaddedHead;

    private nint HeadFloats => (nint)rows * size;

    private nint ScoreFloats => (nint)rows * width;

    /// <summary>Floats that either direction needs for itself, aligned to 64 bytes and zero at first.</summary>
    public nint ScratchFloats => (8 * HeadFloats) + (3 * ScoreFloats);

    /// <summary>One sequence, forward.</summary>
    /// <param name="input">(T, (H + 2K)·D): queries, keys, values, not yet rotated.</param>
    /// <param name="angles">(T, 2·pairs): of each position the cosines, then the sines.</param>
    /// <param name="output">(T, H·D).</param>
    /// <param name="scratch">Of <see cref="ScratchFloats"/>.</param>
    public void Forward(float* input, float* angles, float* output, float* scratch)
    {
        var at = new Scratch(scratch, HeadFloats, ScoreFloats);
        for (var head = 0; head < heads; head++)
        {
            LoadHead(input, angles, head, at);
            Weigh(at);
            SmallProduct.Multiply(at.Weights, width, at.Value, size, at.Mixed, size, rows, width, size, accumulate: false);
            Store(at.Mixed, output, heads * shape.HeadSize, head);
        }
    }

    /// <summary>One sequence, backward.</summary>
    /// <param name="input">As for <see cref="Forward"/>.</param>
    /// <param name="angles">As for <see cref="Forward"/>.</param>
    /// <param name="outputGradient">(T, H·D).</param>
    /// <param name="inputGradient">(T, (H + 2K)·D); overwritten.</param>
    /// <param name="scratch">Of <see cref="ScratchFloats"/>.</param>
    public void Backward(float* input, float* angles, float* outputGradient, float* inputGradient, float* scratch)
    {
        var at = new Scratch(scratch, HeadFloats, ScoreFloats);
        var stride = (heads + (2 * groups)) * shape.HeadSize;
        for (var head = 0; head < heads; head++)
        {
            var first = head % shape.Group == 0;
            LoadHead(input, angles, head, at);
            Weigh(at);
            Load(outputGradient, heads * shape.HeadSize, head, null, 1, at.Mixed);

            Transpose(at.Weights, width, width, at.Turned, width);                                        // dV += Pᵀ · dO
            SmallProduct.Multiply(at.Turned, width, at.Mixed, size, at.ValueGradient, size, rows, width, size, !first);
            Transpose(at.Value, size, size, at.Transposed, width);                                      // dP = dO · Vᵀ
            SmallProduct.Multiply(at.Mixed, size, at.Transposed, width, at.ScoreGradient, width, rows, size, width, accumulate: false);
            ScoresBackward(at);
            SmallProduct.Multiply(at.ScoreGradient, width, at.Key, size, at.QueryGradient, size, rows, width, size, accumulate: false);
            Transpose(at.ScoreGradient, width, width, at.Turned, width);                                  // dK += dSᵀ · Q
            SmallProduct.Multiply(at.Turned, width, at.Query, size, at.KeyGradient, size, rows, width, size, !first);

            StoreTurnedBack(at.QueryGradient, inputGradient, stride, head, angles, shape.Scale);
            if ((head + 1) % shape.Group != 0) continue;
            StoreTurnedBack(at.KeyGradient, inputGradient, stride, heads + (head / shape.Group), angles, 1);
            Store(at.ValueGradient, inputGradient, stride, heads + groups + (head / shape.Group));
        }
    }

    // The scale goes into the queries.
    private void LoadHead(float* input, float* angles, int head, in Scratch at)
    {
        var (stride, group) = ((heads + (2 * groups)) * shape.HeadSize, head / shape.Group);
        Load(input, stride, head, angles, shape.Scale, at.Query);
        Load(input, stride, heads + group, angles, 1, at.Key);
        Load(input, stride, heads + groups + group, null, 1, at.Value);
    }

    private void Load(float* from, int stride, int head, float* angles, float scale, float* to)
    {
        for (var token = 0; token < tokens; token++)
        {
            float* x = from + ((nint)token * stride) + (head * shape.HeadSize), y = to + ((nint)token * size);
            if (angles == null) Rotation.CopyScaled(x, shape.HeadSize, scale, y);
            else Rotation.Turn(shape, x, angles + ((nint)token * shape.RotarySize), scale, y);
        }
    }

    // P: scores of each token over itself and those before it, through the softmax; zeros elsewhere.
    private void Weigh(in Scratch at)
    {
        Transpose(at.Key, size, size, at.Transposed, width);
        SmallProduct.Multiply(at.Query, size, at.Transposed, width, at.Weights, width, rows, size, width, accumulate: false);
        for (var token = 0; token < rows; token++)
        {
            var row = at.Weights + ((nint)token * width);
            if (token >= tokens)
            {
                new Span<float>(row, width).Clear();
                continue;
            }

            var sum = RowSoftmax.Weigh(new ScorePiece(row, 0, default), new ScorePiece(row, width, new ColumnRange(0, token + 1)));
            Rotation.CopyScaled(row, token + 1, 1 / sum, row);
        }
    }

    // dS = P ∘ (dP − Σ P ∘ dP), row by row.
    private void ScoresBackward(in Scratch at)
    {
        for (var token = 0; token < rows; token++)
            SoftmaxGradient.Row(at.Weights + ((nint)token * width), at.ScoreGradient + ((nint)token * width), width);
    }

    private void Transpose(float* from, int fromStride, int columns, float* to, int toStride)
    {
        for (var row = 0; row < width; row += Lanes.Width)
            Transposition.Of16Rows(from + ((nint)row * fromStride), fromStride, columns, to + row, toStride);
    }

    private void Store(float* from, float* to, int stride, int head)
    {
        for (var token = 0; token < tokens; token++)
            new ReadOnlySpan<float>(from + ((nint)token * size), shape.HeadSize).CopyTo(new Span<float>(to + ((nint)token * stride) + (head * shape.HeadSize), shape.HeadSize));
    }

    // The gradient of a rotation is the rotation the other way.
    private void StoreTurnedBack(float* from, float* to, int stride, int head, float* angles, float scale)
    {
        var pairs = shape.RotarySize / 2;
        var back = stackalloc float[shape.RotarySize];
        for (var token = 0; token < tokens; token++)
        {
            var angle = angles + ((nint)token * shape.RotarySize);
            for (var i = 0; i < pairs; i++) (back[i], back[pairs + i]) = (angle[i], -angle[pairs + i]);
            Rotation.Turn(shape, from + ((nint)token * size), back, scale, to + ((nint)token * stride) + (head * shape.HeadSize));
        }
    }

    private readonly struct Scratch(float* start, nint head, nint scores)
    {
        public float* Query { get; } = start;

        public float* Key { get; } = start + head;

        public float* Value { get; } = start + (2 * head);

        public float* Mixed { get; } = start + (3 * head);

        public float* Transposed { get; } = start + (4 * head);         // (D, T)

        public float* QueryGradient { get; } = start + (5 * head);

        public float* KeyGradient { get; } = start + (6 * head);

        public float* ValueGradient { get; } = start + (7 * head);

        public float* Weights { get; } = start + (8 * head);

        public float* ScoreGradient { get; } = start + (8 * head) + scores;

        public float* Turned { get; } = start + (8 * head) + (2 * scores);      // (T, T) the other way round
    }
}
