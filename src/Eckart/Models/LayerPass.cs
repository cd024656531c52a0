using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>One layer run over a sequence of T tokens, (T, C) each; whoever ran the layer owns the tensors.</summary>
/// <param name="Input">What it reads.</param>
/// <param name="Attended">The residual with attention's output in it; of a layer that is left out, its input.</param>
/// <param name="Inner">What the MLP reads; likewise.</param>
/// <param name="Output">What the next layer reads; likewise.</param>
public sealed record LayerPass(Tensor Input, Tensor Attended, Tensor Inner, Tensor Output);
