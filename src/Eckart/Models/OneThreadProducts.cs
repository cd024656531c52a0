using TorchSharp;

namespace Eckart.Models;

/// <summary>Products of the calling thread on that thread alone until this is disposed, then on as many as before: their last digits depend on the number.</summary>
internal readonly struct OneThreadProducts : IDisposable
{
    private readonly int before = torch.get_num_threads();

    public OneThreadProducts() => torch.set_num_threads(1);

    public void Dispose() => torch.set_num_threads(before);
}
