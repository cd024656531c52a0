using TorchSharp;

namespace Eckart.Models;

/// <summary>Non-linearities of an MLP.</summary>
public enum Activation
{
    /// <summary>x·σ(x).</summary>
    Silu,

    /// <summary>x·Φ(x), exact.</summary>
    Gelu,

    /// <summary>x·Φ(x) by the tanh approximation (GPT-2's <c>gelu_new</c>).</summary>
    GeluTanh,

    /// <summary>max(x, 0).</summary>
    Relu,
}

/// <summary>Names and values of <see cref="Activation"/>.</summary>
internal static class Activations
{
    /// <summary>By the name that <c>config.json</c> uses.</summary>
    public static readonly IReadOnlyDictionary<string, Activation> ByName = new Dictionary<string, Activation>
    {
        ["silu"] = Activation.Silu,
        ["swish"] = Activation.Silu,
        ["gelu"] = Activation.Gelu,
        ["gelu_python"] = Activation.Gelu,
        ["gelu_new"] = Activation.GeluTanh,
        ["gelu_pytorch_tanh"] = Activation.GeluTanh,
        ["gelu_fast"] = Activation.GeluTanh,
        ["relu"] = Activation.Relu,
    };

    /// <summary>The non-linearity, element by element.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="x">Overwritten where the operator can do it in place: touching fresh memory costs more than the arithmetic.</param>
    /// <returns>The result, which may be <paramref name="x"/>.</returns>
    public static torch.Tensor Apply(Activation activation, torch.Tensor x) => activation switch
    {
        Activation.Silu => torch.nn.functional.silu(x, inplace: true),
        Activation.Gelu => torch.nn.functional.gelu(x),
        Activation.GeluTanh => TanhForm.Apply(x),
        Activation.Relu => torch.nn.functional.relu(x, inplace: true),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation."),
    };

    // TorchSharp's gelu has no `approximate` argument.
    private static class TanhForm
    {
        // Held for good: TorchSharp lets the collector free a number that it made for a call before the call has read it.
        private static readonly (Scalar Three, Scalar Cubic, Scalar Root, Scalar One, Scalar Half) Numbers = (3, 0.044715, Math.Sqrt(2 / Math.PI), 1, 0.5);

        public static torch.Tensor Apply(torch.Tensor x)
        {
            using var scope = torch.NewDisposeScope();
            var inner = x.pow(Numbers.Three).mul_(Numbers.Cubic).Plus(x).mul_(Numbers.Root).tanh_();
            return inner.Plus(Numbers.One).mul_(x).mul_(Numbers.Half).MoveToOuterDisposeScope();
        }
    }
}
