namespace Eckart.Engine.Kernels;

/// <summary>Causal attention of one key-value head's queries over [prefix | own]: the prefix is shared by many sequences, and each has its own continuation.</summary>
/// <remarks>Per tile of tokens the plain formula: all scores, one softmax, one weighted sum. Both products run at the machine's speed because
/// the query heads of a key-value head stand beneath each other as rows of one matrix.</remarks>
internal static unsafe class AttentionTile
{
    /// <summary>Floats of scratch that <see cref="Run"/> needs for stores of at most these sizes.</summary>
    public static int ScratchFloats(in AttentionShape shape, int prefixCount, int ownCount) => new AttentionScratch(shape, prefixCount, ownCount, null).Floats;

    /// <summary>softmax(q·Kᵀ·scale)·V for consecutive tokens of one sequence.</summary>
    /// <param name="shape">The attention.</param>
    /// <param name="q">The group's query heads of token <paramref name="first"/>, Group × D contiguous floats a token, not yet rotated.</param>
    /// <param name="qStride">Floats from token to token of q.</param>
    /// <param name="first">The first token, counted within the own sequence.</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="angles">Of token <paramref name="first"/>, RotarySize floats a token: the cosines of the pairs, then the sines.</param>
    /// <param name="prefix">Positions 0 … P − 1; all of them come before the own tokens.</param>
    /// <param name="own">Positions P …: token i sees tokens 0 … i. Must hold at least first + rows.</param>
    /// <param name="output">As <paramref name="q"/>, overwritten.</param>
    /// <param name="outputStride">Floats from token to token of the output.</param>
    /// <param name="scratch"><see cref="ScratchFloats"/>, aligned to 64 bytes, with any content.</param>
    public static void Run(in AttentionShape shape, float* q, nint qStride, int first, int rows, float* angles, in HeadKeys prefix, in HeadKeys own, float* output, nint outputStride, float* scratch)
    {
        var memory = new AttentionScratch(shape, prefix.Count, own.Count, scratch);
        for (var done = 0; done < rows; done += memory.Tokens)
        {
            var tile = new Tile(shape, memory, prefix.Count, first + done, Math.Min(memory.Tokens, rows - done));
            tile.CopyQueries(q + (done * qStride), qStride, angles + ((nint)done * shape.RotarySize));
            tile.Score(prefix, own);
            tile.Weigh();
            tile.AddValues(prefix, own);
            tile.CopyOutputs(output + (done * outputStride), outputStride);
        }
    }

    // The tokens first … first + tokens − 1 of the own sequence.
    private readonly struct Tile(AttentionShape shape, AttentionScratch memory, int prefixCount, int first, int tokens)
    {
        // Columns that any token of the tile sees, from a whole vector on.
        private readonly ColumnRange prefixColumns = new(Math.Min(shape.FirstVisible(prefixCount + first), prefixCount) & -Lanes.Width, prefixCount);
        private readonly ColumnRange ownColumns = new(shape.FirstVisible(first) & -Lanes.Width, first + tokens);

        private int Rows => tokens * shape.Group;

        private int PrefixWidth => Lanes.Padded(prefixColumns.Count);

        private int OwnWidth => Lanes.Padded(ownColumns.Count);

        public void CopyQueries(float* q, nint qStride, float* angles)
        {
            var row = memory.Queries;
            for (var token = 0; token < tokens; token++, q += qStride, angles += shape.RotarySize)
            {
                for (var head = 0; head < shape.Group; head++, row += shape.PaddedHead)
                    Rotation.Turn(shape, q + (head * shape.HeadSize), angles, shape.Scale, row);
            }

            // The products read whole tiles of rows: what is left must at least be numbers that cost nothing.
            for (var rest = Rows; rest % SmallProduct.RowTile != 0; rest++, row += shape.PaddedHead) new Span<float>(row, shape.HeadSize).Clear();
        }

        public void Score(in HeadKeys prefix, in HeadKeys own)
        {
            SmallProduct.Multiply(memory.Queries, shape.PaddedHead, prefix.Keys + prefixColumns.From, prefix.KeyStride, memory.Scores, memory.ScoreStride, Rows, shape.HeadSize, PrefixWidth, false);
            SmallProduct.Multiply(memory.Queries, shape.PaddedHead, own.Keys + ownColumns.From, own.KeyStride, memory.Scores + PrefixWidth, memory.ScoreStride, Rows, shape.HeadSize, OwnWidth, false);
        }

        public void Weigh()
        {
            for (var row = 0; row < Rows; row++)
            {
                var token = first + (row / shape.Group);
                var scores = memory.Scores + (row * (nint)memory.ScoreStride);
                var prefix = new ColumnRange(Math.Min(shape.FirstVisible(prefixCount + token), prefixCount) - prefixColumns.From, prefixColumns.Count);
                var own = new ColumnRange(shape.FirstVisible(token) - ownColumns.From, token + 1 - ownColumns.From);
                memory.Sums[row] = RowSoftmax.Weigh(new ScorePiece(scores, PrefixWidth, prefix), new ScorePiece(scores + PrefixWidth, OwnWidth, own));
            }
        }

        public void AddValues(in HeadKeys prefix, in HeadKeys own)
        {
            SmallProduct.Multiply(memory.Scores, memory.ScoreStride, prefix.Values + (prefixColumns.From * (nint)shape.PaddedHead), shape.PaddedHead, memory.Outputs, shape.PaddedHead, Rows, prefixColumns.Count, shape.PaddedHead, false);
            SmallProduct.Multiply(memory.Scores + PrefixWidth, memory.ScoreStride, own.Values + (ownColumns.From * (nint)shape.PaddedHead), shape.PaddedHead, memory.Outputs, shape.PaddedHead, Rows, ownColumns.Count, shape.PaddedHead, true);
        }

        public void CopyOutputs(float* output, nint outputStride)
        {
            var row = 0;
            for (var token = 0; token < tokens; token++, output += outputStride)
            {
                for (var head = 0; head < shape.Group; head++, row++)
                    Rotation.CopyScaled(memory.Outputs + (row * shape.PaddedHead), shape.HeadSize, 1 / memory.Sums[row], output + (head * shape.HeadSize));
            }
        }
    }
}
