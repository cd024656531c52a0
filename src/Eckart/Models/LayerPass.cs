using static TorchSharp.torch;

namespace Eckart.Models;

/// <summary>One layer run over a sequence of T tokens; whoever ran the layer owns the tensors.</summary>
/// <param name="Input">(T, C): what it reads.</param>
/// <param name="Attended">(1, C): the residual at the last position with attention's output in it; of a layer that is left out, its input.</param>
/// <param name="Inner">(1, C): what the MLP reads there; likewise.</param>
/// <param name="Output">(T, C): what the next layer reads; likewise.</param>
public sealed record LayerPass(Tensor Input, Tensor Attended, Tensor Inner, Tensor Output);
