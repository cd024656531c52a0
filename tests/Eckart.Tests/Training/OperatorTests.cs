using Eckart.Models;
using Eckart.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Eckart.Tests.Training;

/// <summary>The trainer's own operators against libtorch's in double, values and gradients.</summary>
public sealed class OperatorTests
{
    [Theory]
    [InlineData("llama", 1)]
    [InlineData("llama", 16)]
    [InlineData("llama", 37)]
    [InlineData("gptj", 6)]
    [InlineData("gptj", 37)]
    public void Attention_is_what_operators_in_double_give(string family, int tokens)
    {
        using var scope = NewDisposeScope();
        var spec = SomeTraining.OddSpec(family);
        var (heads, groups, size) = (spec.Heads, spec.KeyValueHeads, spec.HeadSize);
        using var rotary = new Rotary(spec.Rotary);
        var (cos, sin) = rotary.Angles(tokens, ComputeOptions.Cpu);
        var input = SomeTraining.Parameters(3L * tokens * (heads + (2 * groups)) * size, seed: 1).mul(5).view(3 * tokens, -1);

        AssertSame(x => AttentionFunction.Apply(x[0], cat([cos, sin], 1), spec), InDouble, input);

        Tensor InDouble(Tensor[] x)
        {
            var all = x[0].view(3, tokens, heads + (2 * groups), size);
            var turned = Turn(all.narrow(2, 0, heads + groups), cos.to(float64), sin.to(float64), spec.Rotary);
            Tensor PerQuery(Tensor keys) => keys.repeat_interleave(heads / groups, 2).transpose(1, 2);
            var scores = turned.narrow(2, 0, heads).transpose(1, 2).reshape(-1, tokens, size).bmm(PerQuery(turned.narrow(2, heads, groups)).reshape(-1, tokens, size).transpose(1, 2)).div(Math.Sqrt(size));
            var hidden = ones(tokens, tokens).triu(1).to(ScalarType.Bool);
            var weights = scores.masked_fill(hidden, double.NegativeInfinity).softmax(-1);
            return weights.bmm(PerQuery(all.narrow(2, heads + groups, groups)).reshape(-1, tokens, size)).view(3, heads, tokens, size).transpose(1, 2).reshape(3 * tokens, -1);
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(37)]
    public void A_norm_is_what_operators_in_double_give(int size)
    {
        using var scope = NewDisposeScope();

        AssertSame(
            x => NormFunction.Apply(x[0], x[1], 1e-5),
            x => x[0].mul(x[0].square().mean([-1], keepdim: true).add(1e-5).rsqrt()).mul(x[1]),
            SomeTraining.Parameters(11L * size, seed: 1).view(11, size),
            SomeTraining.Parameters(size, seed: 2));
    }

    [Theory]
    [InlineData(13, 64, 192)]
    [InlineData(12, 37, 21)]
    [InlineData(1, 1, 1)]
    public void A_product_is_what_operators_in_double_give(int rows, int inputs, int outputs)
    {
        using var scope = NewDisposeScope();

        AssertSame(
            x => LinearFunction.Apply(x[0], x[1]),
            x => x[0].mm(x[1].t()),
            SomeTraining.Parameters((long)rows * inputs, seed: 1).view(rows, inputs),
            SomeTraining.Parameters((long)inputs * outputs, seed: 2).view(outputs, inputs));
    }

    private static Tensor Turn(Tensor x, Tensor cos, Tensor sin, RotarySpec rotary)
    {
        var (part, half) = (x.narrow(-1, 0, rotary.Size), rotary.Size / 2);
        var (a, b) = rotary.Layout == RotaryLayout.Halves ? (part.narrow(-1, 0, half), part.narrow(-1, half, half)) : (part.slice(-1, 0, rotary.Size, 2), part.slice(-1, 1, rotary.Size, 2));
        var (c, s) = (cos.unsqueeze(1), sin.unsqueeze(1));
        Tensor[] turned = [a.mul(c) - b.mul(s), b.mul(c) + a.mul(s)];
        return cat([rotary.Layout == RotaryLayout.Halves ? cat(turned, -1) : stack(turned, -1).flatten(-2, -1), x.narrow(-1, rotary.Size, x.shape[^1] - rotary.Size)], -1);
    }

    // Values, and gradients of a weighted sum of them.
    private static void AssertSame(Func<Tensor[], Tensor> own, Func<Tensor[], Tensor> inDouble, params Tensor[] inputs)
    {
        Tensor[] narrow = [.. inputs.Select(input => input.detach().clone().requires_grad_())];
        Tensor[] wide = [.. inputs.Select(input => input.detach().to(float64).requires_grad_())];
        var (actual, expected) = (own(narrow), inDouble(wide));
        var weights = SomeTraining.Parameters(actual.numel(), seed: 9).view(actual.shape);
        actual.mul(weights).sum().backward();
        expected.mul(weights.to(float64)).sum().backward();

        AssertClose(expected, actual, "values");
        for (var i = 0; i < inputs.Length; i++) AssertClose(wide[i].grad!, narrow[i].grad!, $"gradient by input {i}");
    }

    private static void AssertClose(Tensor expected, Tensor actual, string what)
    {
        var scale = Math.Max(1, expected.abs().max().item<double>());
        var off = (expected - actual.to(float64)).abs().max().item<double>() / scale;
        Assert.True(off <= 1e-5, $"{what} off by {off:g3} of the largest");
    }
}
