using TorchSharp;

namespace Eckart.Models;

/// <summary>A weight and its bias. An edit puts another weight in its place for a while; the stored one is never written.</summary>
internal sealed class Linear : IDisposable
{
    private readonly torch.Tensor stored;
    private readonly torch.Tensor? bias;

    /// <param name="weight">(outputs, inputs); owned by this from here on.</param>
    /// <param name="bias">(outputs) or null; owned by this from here on.</param>
    public Linear(torch.Tensor weight, torch.Tensor? bias) => (stored, this.bias, Weight) = (weight, bias, weight);

    /// <summary>The weight in use, (outputs, inputs).</summary>
    public torch.Tensor Weight { get; private set; }

    /// <summary>The bias, (outputs), or null.</summary>
    public torch.Tensor? Bias => bias;

    /// <summary>x Wᵀ + b.</summary>
    /// <param name="x">(T, inputs).</param>
    /// <returns>(T, outputs), fresh.</returns>
    public torch.Tensor Forward(torch.Tensor x) => torch.nn.functional.linear(x, Weight, bias);

    /// <summary>Uses another weight until <see cref="Restore"/>.</summary>
    /// <param name="weight">(outputs, inputs); still owned by the caller.</param>
    public void Replace(torch.Tensor weight)
    {
        if (!weight.shape.SequenceEqual(stored.shape)) throw new ArgumentException("Expected a weight of the stored one's shape.", nameof(weight));
        Weight = weight;
    }

    /// <summary>Uses the stored weight again.</summary>
    public void Restore() => Weight = stored;

    /// <inheritdoc/>
    public void Dispose()
    {
        stored.Dispose();
        bias?.Dispose();
    }
}
