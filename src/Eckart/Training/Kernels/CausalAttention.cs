using Eckart.Engine.Kernels;

namespace Eckart.Training.Kernels;

/// <summary>Causal attention of many short sequences, forward and backward, head by head in a core's caches.</summary>
/// <param name="shape">Of the heads; without a window.</param>
/// <param name="heads">H.</param>
/// <param name="tokens">T.</param>
/// <remarks>What the way there made of each head is kept for the way back, the weights too: they stay in the caches that the arithmetic would keep busy.</remarks>
internal readonly unsafe struct CausalAttention(AttentionShape shape, int heads, int tokens)
{
    // Queries that are taken together see no key behind the last of them: nearly half of all products falls away, and the products are still large enough.
    private const int QueryBlock = 12;

    private readonly int groups = heads / shape.Group;
    private readonly int width = Lanes.Padded(tokens);                                                                 // T, padded: columns of scores
    private readonly int rows = (Lanes.Padded(tokens) + SmallProduct.RowTile - 1) / SmallProduct.RowTile * SmallProduct.RowTile;   // T, padded twice: rows of everything
    private readonly int size = shape.PaddedHead;

    private nint HeadFloats => (nint)rows * size;

    private nint ScoreFloats => (nint)rows * width;

    /// <summary>Floats of one sequence that <see cref="Forward"/> keeps for <see cref="Backward"/>.</summary>
    public nint KeptFloats => heads * HeadKept;

    /// <summary>Floats that either direction needs for itself, aligned to 64 bytes.</summary>
    public nint ScratchFloats => (6 * HeadFloats) + ScoreFloats;

    private nint HeadKept => (3 * HeadFloats) + ScoreFloats + Lanes.Padded(rows);

    /// <summary>One sequence, forward.</summary>
    /// <param name="input">(T, (H + 2K)·D): queries, keys, values, not yet rotated.</param>
    /// <param name="angles">(T, 2·pairs): of each position the cosines, then the sines.</param>
    /// <param name="output">(T, H·D).</param>
    /// <param name="kept">Of <see cref="KeptFloats"/>; overwritten.</param>
    /// <param name="scratch">Of <see cref="ScratchFloats"/>.</param>
    public void Forward(float* input, float* angles, float* output, float* kept, float* scratch)
    {
        for (var head = 0; head < heads; head++)
        {
            var at = At(kept, head, scratch);
            LoadHead(input, angles, head, at);
            for (var first = 0; first < tokens; first += QueryBlock)
            {
                var (count, seen) = Weigh(first, at);
                SmallProduct.Multiply(at.Weights + ((nint)first * width), width, at.Value, size, at.Mixed + ((nint)first * size), size, count, seen, size, accumulate: false);
            }

            for (var token = 0; token < tokens; token++)
                Rotation.CopyScaled(at.Mixed + ((nint)token * size), shape.HeadSize, at.Shares[token], output + (((nint)token * heads) + head) * shape.HeadSize);
        }
    }

    /// <summary>One sequence, backward.</summary>
    /// <param name="kept">As <see cref="Forward"/> left it.</param>
    /// <param name="back">The rotations the other way: the gradient of a rotation.</param>
    /// <param name="outputGradient">(T, H·D).</param>
    /// <param name="inputGradient">(T, (H + 2K)·D); overwritten.</param>
    /// <param name="scratch">Of <see cref="ScratchFloats"/>.</param>
    public void Backward(float* kept, float* back, float* outputGradient, float* inputGradient, float* scratch)
    {
        for (var head = 0; head < heads; head++)
        {
            var at = At(kept, head, scratch);
            var group = head / shape.Group;
            Transpose(at.Value, at.TurnedValue);
            for (var first = 0; first < tokens; first += QueryBlock) QueriesBackward(first, head, outputGradient, at);
            for (var first = 0; first < tokens; first += QueryBlock) KeysBackward(first, head % shape.Group > 0, at);

            Store(at.QueryGradient, inputGradient, head, back, shape.Scale);
            if ((head + 1) % shape.Group != 0) continue;
            Store(at.KeyGradient, inputGradient, heads + group, back, 1);
            Store(at.ValueGradient, inputGradient, heads + groups + group, null, 1);
        }
    }

    // dP = dO · Vᵀ, dS by the softmax, dQ = dS · K. The weights stay undivided by their sums, and dO is divided in their place: it is shorter.
    private void QueriesBackward(int first, int head, float* outputGradient, in Scratch at)
    {
        var (count, seen) = (Math.Min(QueryBlock, tokens - first), Math.Min(first + QueryBlock, tokens));
        for (var token = first; token < seen; token++)
            Rotation.CopyScaled(outputGradient + (((nint)token * heads) + head) * shape.HeadSize, shape.HeadSize, at.Shares[token], at.Mixed + ((nint)token * size));

        float* weights = at.Weights + ((nint)first * width), gradient = at.ScoreGradient + ((nint)first * width);
        SmallProduct.Multiply(at.Mixed + ((nint)first * size), size, at.TurnedValue, width, gradient, width, count, shape.HeadSize, Lanes.Padded(seen), accumulate: false);
        for (var row = 0; row < count; row++)
            SoftmaxGradient.Row(weights + ((nint)row * width), gradient + ((nint)row * width), at.Shares[first + row], Lanes.Padded(seen));
        SmallProduct.Multiply(gradient, width, at.Key, size, at.QueryGradient + ((nint)first * size), size, count, seen, size, accumulate: false);
    }

    // dV (+)= Pᵀ · dO and dK (+)= dSᵀ · Q: no query before a key sees it.
    private void KeysBackward(int first, bool accumulate, in Scratch at)
    {
        var (count, behind) = (Math.Min(QueryBlock, tokens - first), tokens - first);
        nint scores = ((nint)first * width) + first, row = (nint)first * size;
        SmallProduct.MultiplyTurned(at.Weights + scores, width, at.Mixed + row, size, at.ValueGradient + row, size, count, behind, size, accumulate);
        SmallProduct.MultiplyTurned(at.ScoreGradient + scores, width, at.Query + row, size, at.KeyGradient + row, size, count, behind, size, accumulate);
    }

    // The scale goes into the queries.
    private void LoadHead(float* input, float* angles, int head, in Scratch at)
    {
        var group = head / shape.Group;
        Load(input, head, angles, shape.Scale, at.Query);
        Load(input, heads + group, angles, 1, at.Key);
        Load(input, heads + groups + group, null, 1, at.Value);
        new Span<float>(at.Value + ((nint)tokens * size), (width - tokens) * size).Clear();       // keys that are not there give gradients of 0, not of anything
        Transpose(at.Key, at.TurnedKey);
    }

    private void Load(float* from, int head, float* angles, float scale, float* to)
    {
        for (var token = 0; token < tokens; token++) Copy(from + At(token, head), angles, token, scale, to + ((nint)token * size));
    }

    private void Store(float* from, float* to, int head, float* angles, float scale)
    {
        for (var token = 0; token < tokens; token++) Copy(from + ((nint)token * size), angles, token, scale, to + At(token, head));
    }

    private nint At(int token, int head) => (((nint)token * (heads + (2 * groups))) + head) * shape.HeadSize;

    private void Copy(float* from, float* angles, int token, float scale, float* to)
    {
        if (angles == null) Rotation.CopyScaled(from, shape.HeadSize, scale, to);
        else Rotation.Turn(shape, from, angles + ((nint)token * shape.RotarySize), scale, to);
    }

    // P of some queries, not yet divided by its sums: scores of each token over itself and those before it, through the softmax; zeros behind it.
    private (int Count, int Seen) Weigh(int first, in Scratch at)
    {
        var count = Math.Min(QueryBlock, tokens - first);
        var seen = first + count;
        var columns = Lanes.Padded(seen);
        var weights = at.Weights + ((nint)first * width);
        SmallProduct.Multiply(at.Query + ((nint)first * size), size, at.TurnedKey, width, weights, width, count, shape.HeadSize, columns, accumulate: false);
        for (var token = first; token < seen; token++, weights += width)
            at.Shares[token] = 1 / RowSoftmax.Weigh(new ScorePiece(weights, 0, default), new ScorePiece(weights, columns, new ColumnRange(0, token + 1)));
        return (count, seen);
    }

    // (T, D) to (D, T)
    private void Transpose(float* from, float* to)
    {
        for (var row = 0; row < width; row += Lanes.Width) Transposition.Of16Rows(from + ((nint)row * size), size, size, to + row, width);
    }

    private Scratch At(float* kept, int head, float* scratch) => new(kept + (head * HeadKept), scratch, HeadFloats, ScoreFloats);

    private readonly struct Scratch(float* kept, float* spare, nint head, nint scores)
    {
        public float* Query { get; } = kept;

        public float* Key { get; } = kept + head;

        public float* Value { get; } = kept + (2 * head);

        public float* Weights { get; } = kept + (3 * head);

        public float* Shares { get; } = kept + (3 * head) + scores;     // of each token one over the sum of its weights

        public float* Mixed { get; } = spare;                           // the heads' result, or its gradient

        public float* TurnedKey { get; } = spare + head;                // (D, T)

        public float* TurnedValue { get; } = spare + (2 * head);

        public float* QueryGradient { get; } = spare + (3 * head);

        public float* KeyGradient { get; } = spare + (4 * head);

        public float* ValueGradient { get; } = spare + (5 * head);

        public float* ScoreGradient { get; } = spare + (6 * head);
    }
}
