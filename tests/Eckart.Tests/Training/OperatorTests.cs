using Eckart.Models;
using Eckart.Training;
using Eckart.Training.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Eckart.Tests.Training;

/// <summary>The trainer's own operators against libtorch's in double, values and gradients.</summary>
public sealed unsafe class OperatorTests
{
    [Theory]
    [InlineData("llama", 1, 0)]
    [InlineData("llama", 16, 0)]
    [InlineData("llama", 37, 0)]
    [InlineData("llama", 96, 16)]
    [InlineData("llama", 37, 40)]
    [InlineData("gptj", 6, 0)]
    [InlineData("gptj", 37, 0)]
    [InlineData("gptj", 96, 16)]
    [InlineData("gptj", 37, 40)]
    public void Attention_is_what_operators_in_double_give(string family, int tokens, int headSize)
    {
        using var scope = NewDisposeScope();
        using var memory = new WorkMemory();
        var odd = SomeTraining.OddSpec(family);
        var spec = headSize == 0 ? odd : odd with { HeadSize = headSize, Rotary = odd.Rotary with { Size = headSize } };
        var (cos, sin) = Angles(spec, tokens);
        var pass = new AttentionPass(spec, Of(cat([cos, sin], 1)), Of(cat([cos, sin.neg()], 1)), tokens, memory);
        var input = SomeTraining.Parameters(3L * tokens * (spec.Heads + (2 * spec.KeyValueHeads)) * spec.HeadSize, seed: 1).mul(5).view(3 * tokens, -1);

        AssertSame(
            (x, given) =>
            {
                var (output, gradient) = (empty(3 * tokens, spec.Heads * spec.HeadSize), empty_like(input));
                var kept = pass.Forward(Of(x[0]), Of(output));
                pass.Backward(kept, Of(given(output)), Of(gradient));
                return (output, [gradient]);
            },
            x => DoubleDecoder.Attention(spec, x[0], tokens),
            input);
    }

    [Theory]
    [InlineData("llama", 64)]
    [InlineData("llama", 37)]
    [InlineData("gptj", 64)]
    [InlineData("gptj", 37)]
    public void A_norm_is_what_operators_in_double_give_and_adds_to_the_gradient_that_is_there(string family, int size)
    {
        using var scope = NewDisposeScope();
        var spec = SomeTraining.OddSpec(family) with { Hidden = size };
        using var weights = new ModelWeights(new ParameterLayout(spec), SomeTraining.Parameters(new ParameterLayout(spec).Count, seed: 2), float32);
        using var replica = new Replica(weights);
        var norm = new NormPass(spec, replica, Part.FinalNorm);
        var (weight, bias) = (weights.Matrix(Part.FinalNorm).View(), family == "gptj" ? weights.Matrix(Part.FinalNorm, bias: true).View() : null);

        AssertSame(
            (x, given) =>
            {
                var (y, gradient) = (empty_like(x[0]), ones_like(x[0]));
                norm.Forward(Of(x[0]), Of(y));
                norm.Backward(Of(x[0]), Of(given(y)), Of(gradient));
                Tensor[] own = [gradient.sub(1), replica.GradientOf(Part.FinalNorm).View(), .. bias is null ? Array.Empty<Tensor>() : [replica.GradientOf(Part.FinalNorm, bias: true).View()]];
                return (y, own);
            },
            x => DoubleDecoder.Norm(spec, x[0], x[1], x.ElementAtOrDefault(2)),
            [SomeTraining.Parameters(11L * size, seed: 1).view(11, size), weight, .. bias is null ? Array.Empty<Tensor>() : [bias]]);
    }

    [Theory]
    [InlineData(13, 64, 192, "f32")]
    [InlineData(12, 37, 21, "f32")]
    [InlineData(200, 80, 66, "f32")]
    [InlineData(1, 1, 1, "f32")]
    [InlineData(12, 37, 21, "f64")]
    public void A_product_is_what_operators_in_double_give(int rows, int inputs, int outputs, string products)
    {
        using var scope = NewDisposeScope();
        using var memory = new WorkMemory();

        AssertSame(
            (x, given) =>
            {
                using var map = new WeightMap(Of(x[1]), Of(x[2]), products == "f32" ? float32 : float64);     // in another type libtorch multiplies
                map.Refresh();
                var y = memory.Take(rows, outputs);
                map.Forward(Of(x[0]), y, accumulate: false, memory);
                var by = memory.Take(rows, outputs);
                Of(given(y.View())).Values.CopyTo(by.Values);
                var (toX, toWeight, toBias) = (ones_like(x[0]), ones_like(x[1]), ones_like(x[2]));
                map.AddGradient(Of(x[0]), by, Of(toWeight), Of(toBias), memory);
                map.Backward(by, Of(toX), accumulate: true, memory);
                var plain = empty_like(toX);
                map.Backward(by, Of(plain), accumulate: false, memory);
                AssertClose(plain.to(float64), toX.sub(1), "what is added to a gradient");
                return (y.View(), [toX.sub(1), toWeight.sub(1), toBias.sub(1)]);
            },
            x => x[0].mm(x[1].t()).add(x[2]),
            SomeTraining.Parameters((long)rows * inputs, seed: 1).view(rows, inputs),
            SomeTraining.Parameters((long)inputs * outputs, seed: 2).view(outputs, inputs),
            SomeTraining.Parameters(outputs, seed: 3).view(1, outputs));
    }

    [Theory]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.GeluTanh)]
    [InlineData(Activation.Relu)]
    public void The_slope_of_an_activation_is_what_operators_in_double_give(Activation activation)
    {
        using var scope = NewDisposeScope();
        const int Rows = 7, Size = 53;
        var wide = SomeTraining.Parameters(Rows * 2 * Size, seed: 1).mul(20).view(Rows, 2 * Size);
        Tensor Gated(Tensor x) => DoubleDecoder.Activate(activation, x.narrow(1, 0, Size)).mul(x.narrow(1, Size, Size));

        AssertSame(
            (x, given) =>
            {
                var (y, gradient) = (Gated(x[0]), empty_like(x[0]));
                ActivationGradient.Gated(activation, Of(x[0]).Start, Of(given(y)).Start, Of(gradient).Start, Rows, Size);
                return (y, [gradient]);
            },
            x => Gated(x[0]),
            wide);
        AssertSame(
            (x, given) =>
            {
                var y = DoubleDecoder.Activate(activation, x[0]);
                var gradient = given(y).clone();
                ActivationGradient.Plain(activation, Of(x[0]).Start, Of(gradient).Start, Of(gradient).Start, Rows * 2 * Size);
                return (y, [gradient]);
            },
            x => DoubleDecoder.Activate(activation, x[0]),
            wide);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(326)]
    public void Cross_entropy_is_what_operators_in_double_give(int vocabulary)
    {
        using var scope = NewDisposeScope();
        var logits = SomeTraining.Parameters(vocabulary, seed: 4).mul(30).view(1, vocabulary);
        var wide = logits.to(float64).requires_grad_();
        var target = vocabulary / 3;
        var expected = nn.functional.cross_entropy(wide, tensor(new long[] { target })).mul(0.3);
        expected.backward();

        var loss = CrossEntropy.Row(Of(logits).Start, vocabulary, target, 0.3f);

        Assert.Equal(expected.item<double>(), loss, 1e-5);
        AssertClose(wide.grad!, logits, "gradient");
    }

    private static Matrix Of(Tensor x) => new(x.view(-1), 0, x.numel() / x.shape[^1], x.shape[^1]);

    private static (Tensor Cos, Tensor Sin) Angles(ModelSpec spec, int tokens)
    {
        using var rotary = new Rotary(spec.Rotary);
        return rotary.Angles(tokens, ComputeOptions.Cpu);
    }

    // Values, and gradients of a weighted sum of them: the own operator is asked for both, given the weights that go with its values.
    private static void AssertSame(Func<Tensor[], Func<Tensor, Tensor>, (Tensor Values, Tensor[] Gradients)> own, Func<Tensor[], Tensor> inDouble, params Tensor[] inputs)
    {
        Tensor[] wide = [.. inputs.Select(input => input.detach().to(float64).requires_grad_())];
        var expected = inDouble(wide);
        var weights = SomeTraining.Parameters(expected.numel(), seed: 9).view(expected.shape);
        expected.mul(weights.to(float64)).sum().backward();

        var (actual, gradients) = own([.. inputs.Select(input => input.detach().clone())], values => weights.view(values.shape));

        AssertClose(expected, actual, "values");
        Assert.Equal(inputs.Length, gradients.Length);
        for (var i = 0; i < inputs.Length; i++) AssertClose(wide[i].grad!, gradients[i], $"gradient by input {i}");
    }

    private static void AssertClose(Tensor expected, Tensor actual, string what)
    {
        var scale = Math.Max(1, expected.abs().max().item<double>());
        var off = (expected - actual.to(float64)).abs().max().item<double>() / scale;
        Assert.True(off <= 1e-5, $"{what} off by {off:g3} of the largest");
    }
}
