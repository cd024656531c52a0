using System.Runtime.InteropServices;
using Eckart.Engine.Kernels;
using Eckart.Models;

namespace Eckart.Tests.Engine.Kernels;

public sealed unsafe class AttentionTileTests
{
    [Theory]
    [InlineData(64, 3, 193, 14)]
    [InlineData(64, 3, 430, 94)]
    [InlineData(64, 3, 0, 100)]
    [InlineData(64, 3, 16, 1)]
    [InlineData(64, 3, 15, 17)]
    [InlineData(64, 1, 33, 65)]
    [InlineData(128, 7, 47, 31)]
    [InlineData(256, 1, 63, 15)]
    [InlineData(80, 16, 64, 7)]
    [InlineData(16, 71, 5, 3)]
    [InlineData(1, 2, 17, 33)]
    [InlineData(100, 4, 1, 1)]
    [InlineData(37, 5, 96, 20)]
    public void Equals_the_plain_formula_in_double(int headSize, int group, int prefix, int own) =>
        Check(new AttentionShape(headSize, group, headSize & -2, RotaryLayout.Halves, 0), prefix, own, 0, own);

    [Theory]
    [InlineData(64, 32, RotaryLayout.Halves)]
    [InlineData(64, 40, RotaryLayout.Halves)]
    [InlineData(64, 64, RotaryLayout.Pairs)]
    [InlineData(96, 16, RotaryLayout.Pairs)]
    [InlineData(64, 0, RotaryLayout.Halves)]
    [InlineData(33, 0, RotaryLayout.Pairs)]
    public void Rotates_as_many_dimensions_as_the_model_does(int headSize, int rotarySize, RotaryLayout layout) =>
        Check(new AttentionShape(headSize, 2, rotarySize, layout, 0), prefix: 50, own: 30, first: 0, rows: 30);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(40)]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(1000)]
    public void A_window_ends_attention_in_either_piece(int window) =>
        Check(new AttentionShape(32, 3, 32, RotaryLayout.Halves, window), prefix: 67, own: 90, first: 0, rows: 90);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(7, 20)]
    [InlineData(16, 17)]
    [InlineData(59, 1)]
    public void Any_tokens_of_the_own_sequence_can_be_asked_for(int first, int rows)
    {
        Check(new AttentionShape(64, 3, 64, RotaryLayout.Halves, 0), prefix: 33, own: 60, first, rows);
        Check(new AttentionShape(64, 3, 64, RotaryLayout.Halves, 20), prefix: 33, own: 60, first, rows);
    }

    [Fact]
    public void The_scale_is_the_given_one() => Check(new AttentionShape(64, 3, 0, RotaryLayout.Halves, 0, 0.7f), prefix: 33, own: 20, first: 0, rows: 20);

    [Fact]
    public void The_same_bytes_give_the_same_bytes()
    {
        using var once = new Case(new AttentionShape(64, 3, 64, RotaryLayout.Halves, 0), 193, 14);
        using var again = new Case(new AttentionShape(64, 3, 64, RotaryLayout.Halves, 0), 193, 14);

        once.Run(0, 14);
        again.Run(0, 14);

        Assert.Equal(once.Output.Bytes(), again.Output.Bytes());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void What_a_token_does_not_see_has_exactly_no_weight(int window)
    {
        var shape = new AttentionShape(64, 3, 64, RotaryLayout.Halves, window);
        using var plain = new Case(shape, 33, 20);
        using var loud = new Case(shape, 33, 20);
        loud.OwnValue(19).Fill(1e38f);

        plain.Run(0, 20);
        loud.Run(0, 20);

        for (var token = 0; token < 20; token++) Assert.Equal(token < 19, plain.Output.Row(token).SequenceEqual(loud.Output.Row(token)));
    }

    [Fact]
    public void What_has_left_the_window_has_exactly_no_weight()
    {
        var shape = new AttentionShape(64, 3, 64, RotaryLayout.Halves, 10);
        using var plain = new Case(shape, 33, 20);
        using var loud = new Case(shape, 33, 20);
        loud.OwnValue(2).Fill(1e38f);

        plain.Run(0, 20);
        loud.Run(0, 20);

        for (var token = 0; token < 20; token++) Assert.Equal(token is < 2 or > 11, plain.Output.Row(token).SequenceEqual(loud.Output.Row(token)));
    }

    [Fact]
    public void Scores_of_any_size_neither_overflow_nor_vanish()
    {
        // The scores reach beyond ±1,000: only differences from the maximum may be exponentiated.
        Check(new AttentionShape(64, 3, 0, RotaryLayout.Halves, 0, 300f), prefix: 33, own: 20, first: 0, rows: 20, tolerance: 2e-3);
    }

    private static void Check(AttentionShape shape, int prefix, int own, int first, int rows, double tolerance = 2e-6)
    {
        using var attention = new Case(shape, prefix, own);

        attention.Run(first, rows);

        for (var token = first; token < first + rows; token++)
        {
            for (var head = 0; head < shape.Group; head++)
            {
                var expected = attention.Expected(token, head);
                var found = attention.Output.Row(token).Slice(head * shape.HeadSize, shape.HeadSize);
                for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], tolerance);
            }
        }

        attention.AssertNothingElseWasWritten(first, rows);
    }

    // Every gap in memory, and the scratch, holds NaNs: one that is read spoils a result.
    private sealed class Case(AttentionShape shape, int prefixCount, int ownCount) : IDisposable
    {
        private readonly HeadStore prefix = new HeadStore(shape, prefixCount, 0, seed: 1).Write(0, prefixCount);
        private readonly HeadStore own = new HeadStore(shape, ownCount, prefixCount, seed: 3).Write(0, ownCount);
        private readonly GuardedRows<float> queries = GuardedRows.Random(ownCount, shape.Group * shape.HeadSize, (shape.Group * shape.HeadSize) + 3, seed: 5);

        public GuardedRows<float> Output { get; } = new(ownCount, shape.Group * shape.HeadSize, (shape.Group * shape.HeadSize) + 5);

        public void Run(int first, int rows)
        {
            var floats = AttentionTile.ScratchFloats(shape, prefixCount, ownCount);
            using var scratch = new GuardedRows<float>(1, floats, floats);
            var noPrefix = prefixCount == 0 ? default : prefix.Store;

            AttentionTile.Run(shape, queries.Start + (first * queries.Stride), queries.Stride, first, rows, own.Angles.Start + (first * shape.RotarySize), noPrefix, own.Store, Output.Start + (first * Output.Stride), Output.Stride, scratch.Start);

            scratch.AssertGuardsAreWhole();
        }

        /// <summary>The written value of an own token.</summary>
        public Span<float> OwnValue(int token) => own.Values.Row(token);

        public double[] Expected(int token, int head)
        {
            var query = HeadStore.Rotated(shape, queries.Row(token).Slice(head * shape.HeadSize, shape.HeadSize), own.Angles.Row(token));
            var position = prefixCount + token;
            var from = shape.Window == 0 ? 0 : Math.Max(0, position - shape.Window + 1);
            var scores = new double[position + 1 - from];
            for (var i = 0; i < scores.Length; i++) scores[i] = shape.Scale * KeyAt(from + i).Zip(query, (a, b) => a * b).Sum();

            var weights = Array.ConvertAll(scores, score => Math.Exp(score - scores.Max()));
            var result = new double[shape.HeadSize];
            for (var i = 0; i < scores.Length; i++)
            {
                var value = ValueAt(from + i);
                for (var j = 0; j < result.Length; j++) result[j] += weights[i] / weights.Sum() * value[j];
            }

            return result;
        }

        public void AssertNothingElseWasWritten(int first, int rows)
        {
            Output.AssertGuardsAreWhole();
            for (var token = 0; token < ownCount; token++)
            {
                if (token >= first && token < first + rows) continue;
                Assert.False(MemoryMarshal.AsBytes(Output.Row(token)).ContainsAnyExcept((byte)0xFF), $"token {token} was written");
            }
        }

        public void Dispose()
        {
            prefix.Dispose();
            own.Dispose();
            queries.Dispose();
            Output.Dispose();
        }

        private double[] KeyAt(int position) => position < prefixCount ? prefix.RotatedKey(position) : own.RotatedKey(position - prefixCount);

        private Span<float> ValueAt(int position) => position < prefixCount ? prefix.V.Row(position) : own.V.Row(position - prefixCount);
    }
}
